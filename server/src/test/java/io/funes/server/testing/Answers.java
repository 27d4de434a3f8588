package io.funes.server.testing;

import io.grpc.stub.StreamObserver;
import io.grpc.testing.StreamRecorder;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** What a call answers. */
@SuppressWarnings("deprecation") // gRPC means its recorder for its own tests, but has no other.
public final class Answers<T> implements StreamObserver<T> {
  private static final int END_SECONDS_MAX = 20;

  private final StreamRecorder<T> recorder = StreamRecorder.create();

  /** Those that have come. */
  public List<T> soFar() {
    return recorder.getValues();
  }

  /** All, when the call has ended well. */
  public List<T> all() {
    awaitEnd();
    if (recorder.getError() != null) {
      throw new CompletionException(recorder.getError());
    }
    return recorder.getValues();
  }

  private void awaitEnd() {
    try {
      if (!recorder.awaitCompletion(END_SECONDS_MAX, TimeUnit.SECONDS)) {
        throw new AssertionError("the call has not ended after " + END_SECONDS_MAX + " s");
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void onNext(T value) {
    recorder.onNext(value);
  }

  @Override
  public void onError(Throwable error) {
    recorder.onError(error);
  }

  @Override
  public void onCompleted() {
    recorder.onCompleted();
  }
}
