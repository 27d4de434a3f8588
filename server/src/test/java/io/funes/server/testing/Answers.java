package io.funes.server.testing;

import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** What a call answers. */
public final class Answers<T> implements StreamObserver<T> {
  private final List<T> values = new CopyOnWriteArrayList<>();
  private final CompletableFuture<List<T>> end = new CompletableFuture<>();

  /** Those that have come. */
  public List<T> soFar() {
    return values;
  }

  /** All, when the call has ended well. */
  public List<T> all() {
    return end.orTimeout(20, TimeUnit.SECONDS).join();
  }

  @Override
  public void onNext(T value) {
    values.add(value);
  }

  @Override
  public void onError(Throwable error) {
    end.completeExceptionally(error);
  }

  @Override
  public void onCompleted() {
    end.complete(values);
  }
}
