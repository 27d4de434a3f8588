package io.funes.server.api;

import io.funes.server.api.mapping.StatusMapping;
import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** How unary calls end. */
final class Replies {
  private Replies() {}

  static <T> void answer(StreamObserver<T> observer, T response) {
    observer.onNext(response);
    observer.onCompleted();
  }

  /** Runs the call; what it throws is its answer. */
  static void guard(StreamObserver<?> observer, Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      observer.onError(StatusMapping.exception(e));
    }
  }

  static <R, T> void complete(
      StreamObserver<T> observer, CompletableFuture<R> future, Function<R, T> response) {
    var _ =
        future.whenComplete((result, failure) ->
            guard(
                observer,
                () -> {
                  if (failure != null) {
                    observer.onError(StatusMapping.exception(failure));
                  } else {
                    answer(observer, response.apply(result));
                  }
                }));
  }

  static int pageSize(int asked, int ifZero, int max) {
    if (asked < 0) {
      throw Refusal.of(ErrorCode.INVALID_ARGUMENT, "page_size %d is negative".formatted(asked))
          .field("page_size")
          .exception();
    }
    return asked == 0 ? ifZero : Math.min(asked, max);
  }
}
