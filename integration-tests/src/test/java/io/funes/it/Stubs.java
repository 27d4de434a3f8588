package io.funes.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.proto.v1.CreateTopicRequest;
import io.funes.proto.v1.FetchServiceGrpc;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.ProduceServiceGrpc;
import io.funes.proto.v1.ReadRequest;
import io.funes.proto.v1.ReadResponse;
import io.funes.proto.v1.Topic;
import io.funes.proto.v1.TopicServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Generated stubs and nothing else. */
final class Stubs implements AutoCloseable {
  private static final long TIMEOUT_SECONDS = 60;
  private static final int REPLICAS_DEFAULT = 0;

  private final ManagedChannel channel;

  Stubs(BrokerProcess broker) {
    channel = broker.channel();
  }

  ProduceServiceGrpc.ProduceServiceBlockingStub produce() {
    return ProduceServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  FetchServiceGrpc.FetchServiceBlockingStub fetch() {
    return FetchServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  TopicServiceGrpc.TopicServiceBlockingStub topics() {
    return TopicServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  Topic createTopic(String name, int partitions, Map<String, String> configs) {
    return createTopic(name, partitions, REPLICAS_DEFAULT, configs);
  }

  Topic createTopic(String name, int partitions, int replicas, Map<String, String> configs) {
    return topics()
        .createTopic(
            CreateTopicRequest.newBuilder()
                .setName(name)
                .setPartitionCount(partitions)
                .setReplicationFactor(replicas)
                .putAllConfigs(configs)
                .build())
        .getTopic();
  }

  /** Tries until it is taken: a broker may not have heard yet that it leads. */
  void produceInTime(ProduceRequest request) {
    Await.until(
        "partition %d of %s takes records".formatted(request.getPartition(), request.getTopic()),
        () -> {
          try {
            var _ = produce().produce(request);
            return true;
          } catch (StatusRuntimeException e) {
            return false;
          }
        });
  }

  /** Every frame of a stream that the broker ends. */
  List<ReadResponse> read(ReadRequest request) {
    return startRead(request).frames();
  }

  /** Begins to read. */
  ReadStream startRead(ReadRequest request) {
    ReadStream stream = new ReadStream();
    stream.requests =
        FetchServiceGrpc.newStub(channel)
            .withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS)
            .read(stream);
    stream.requests.onNext(request);
    return stream;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    try {
      assertThat(channel.awaitTermination(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A stream of records under way. */
  static final class ReadStream implements StreamObserver<ReadResponse> {
    private final List<ReadResponse> frames = new ArrayList<>();
    private final CompletableFuture<ReadResponse> first = new CompletableFuture<>();
    private final CompletableFuture<List<ReadResponse>> end = new CompletableFuture<>();
    private StreamObserver<ReadRequest> requests;

    /** Waits for the first frame. */
    ReadResponse first() {
      return first.join();
    }

    /** Waits for the end, which the deadline brings at last. */
    List<ReadResponse> frames() {
      return end.join();
    }

    @Override
    public void onNext(ReadResponse frame) {
      frames.add(frame);
      first.complete(frame);
    }

    @Override
    public void onError(Throwable thrown) {
      first.completeExceptionally(thrown);
      end.completeExceptionally(thrown);
    }

    @Override
    public void onCompleted() {
      first.completeExceptionally(new AssertionError("the stream ended without a frame"));
      end.complete(List.copyOf(frames));
    }
  }
}
