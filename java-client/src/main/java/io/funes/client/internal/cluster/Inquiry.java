package io.funes.client.internal.cluster;

import io.funes.proto.v1.GetMetadataRequest;
import io.funes.proto.v1.GetMetadataResponse;
import io.funes.proto.v1.MetadataServiceGrpc;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One question to several brokers, of which some may be gone and some may not have heard the newest
 * yet.
 */
final class Inquiry implements StreamObserver<GetMetadataResponse> {
  private static final long ANSWER_MS_MAX = 1_000;

  private final AtomicInteger awaited;
  private final Consumer<GetMetadataResponse> answered;
  private final Runnable done;

  private Inquiry(int brokers, Consumer<GetMetadataResponse> answered, Runnable done) {
    this.awaited = new AtomicInteger(brokers);
    this.answered = answered;
    this.done = done;
  }

  /** Asks; {@code done} comes once, after the last answer or when the time is over. */
  static void send(
      Collection<? extends Channel> brokers,
      GetMetadataRequest request,
      Consumer<GetMetadataResponse> answered,
      Runnable done) {
    Inquiry inquiry = new Inquiry(brokers.size(), answered, done);
    for (Channel broker : brokers) {
      MetadataServiceGrpc.newStub(broker)
          .withDeadlineAfter(ANSWER_MS_MAX, TimeUnit.MILLISECONDS)
          .getMetadata(request, inquiry);
    }
  }

  @Override
  public void onNext(GetMetadataResponse response) {
    answered.accept(response);
  }

  @Override
  public void onError(Throwable error) {
    onCompleted();
  }

  @Override
  public void onCompleted() {
    if (awaited.decrementAndGet() == 0) {
      done.run();
    }
  }
}
