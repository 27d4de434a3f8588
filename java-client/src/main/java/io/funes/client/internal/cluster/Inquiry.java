package io.funes.client.internal.cluster;

import io.funes.proto.v1.GetMetadataRequest;
import io.funes.proto.v1.GetMetadataResponse;
import io.funes.proto.v1.MetadataServiceGrpc;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One question to several brokers, of which some may be gone, some stand still, and some may not
 * have heard the newest yet.
 */
final class Inquiry implements StreamObserver<GetMetadataResponse> {
  private static final long ANSWER_MS_MAX = 1_000;

  /** So much later than the first one others may answer. */
  private static final long OTHERS_MS = 100;

  private final AtomicInteger awaited;
  private final AtomicBoolean answeredOnce = new AtomicBoolean();
  private final AtomicBoolean over = new AtomicBoolean();
  private final Consumer<GetMetadataResponse> answered;
  private final Later later;
  private final Runnable done;

  /** Runs something after a while. */
  interface Later {
    void run(Runnable what, long delayMs);
  }

  private Inquiry(int brokers, Consumer<GetMetadataResponse> answered, Later later, Runnable done) {
    this.awaited = new AtomicInteger(brokers);
    this.answered = answered;
    this.later = later;
    this.done = done;
  }

  /**
   * Asks; {@code done} comes once: after the last answer, soon after the first one where others are
   * silent, or when the time is over. Answers that come later are told all the same.
   */
  static void send(
      Collection<? extends Channel> brokers,
      GetMetadataRequest request,
      Consumer<GetMetadataResponse> answered,
      Later later,
      Runnable done) {
    Inquiry inquiry = new Inquiry(brokers.size(), answered, later, done);
    for (Channel broker : brokers) {
      MetadataServiceGrpc.newStub(broker)
          .withDeadlineAfter(ANSWER_MS_MAX, TimeUnit.MILLISECONDS)
          .getMetadata(request, inquiry);
    }
  }

  @Override
  public void onNext(GetMetadataResponse response) {
    answered.accept(response);
    if (answeredOnce.compareAndSet(false, true)) {
      later.run(this::end, OTHERS_MS);
    }
  }

  @Override
  public void onError(Throwable error) {
    onCompleted();
  }

  @Override
  public void onCompleted() {
    if (awaited.decrementAndGet() == 0) {
      end();
    }
  }

  private void end() {
    if (over.compareAndSet(false, true)) {
      done.run();
    }
  }
}
