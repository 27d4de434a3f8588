package io.funes.client.internal.produce;

import io.funes.client.ErrorReason;
import io.funes.client.Failure;
import io.funes.client.FunesException;
import io.funes.client.ProducerRecord;
import io.funes.client.UnavailableException;
import io.funes.client.internal.cluster.Cluster;
import io.funes.client.internal.transport.Connection;
import io.funes.client.internal.transport.Failures;
import io.funes.client.internal.transport.Topics;
import io.funes.proto.v1.GetTopicRequest;
import io.funes.proto.v1.GetTopicResponse;
import io.funes.proto.v1.Topic;
import io.funes.proto.v1.TopicServiceGrpc;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * The topics that a producer has sent to. The broker is asked at the first record, for partitions
 * that are not known yet, and for what was heard long ago. Safe for use by several threads.
 */
public final class ProduceTopics {
  private static final long AGE_NANOS_MAX = TimeUnit.MINUTES.toNanos(5);
  private static final long LOOK_UP_SECONDS = 10;

  private final ConcurrentHashMap<String, ProduceTopic> topics = new ConcurrentHashMap<>();
  private final ProduceSender sender;
  private final Connection connection;
  private final Cluster cluster;

  ProduceTopics(ProduceSender sender, Connection connection, Cluster cluster) {
    this.sender = sender;
    this.connection = connection;
    this.cluster = cluster;
  }

  Set<String> names() {
    return topics.keySet();
  }

  /** The topic, looked up when it is not known yet. */
  public ProduceTopic find(String name, long timeoutNanos) {
    ProduceTopic known = topics.get(name);
    return known != null ? known : firstLookUp(name, timeoutNanos);
  }

  private synchronized ProduceTopic firstLookUp(String name, long timeoutNanos) {
    ProduceTopic known = topics.get(name);
    if (known != null) {
      return known;
    }
    ProduceTopic topic = new ProduceTopic(get(name, timeoutNanos), sender);
    topics.put(name, topic);
    cluster.follow(name);
    return topic;
  }

  /** The partition that a record names but that was not there at the last look. */
  public PartitionQueue newPartition(ProduceTopic topic, ProducerRecord record, long timeoutNanos) {
    topic.know(get(topic.name(), timeoutNanos));
    PartitionQueue queue = topic.choose(record);
    if (queue == null) {
      throw topic.unknownPartition(record.partition(), topic.partitions().length);
    }
    return queue;
  }

  private Topic get(String name, long timeoutNanos) {
    if (connection.onIoThread()) {
      String message = "the topic " + name + " is not known yet, and a callback must not wait";
      throw new UnavailableException(
          new Failure(ErrorReason.BROKER_UNAVAILABLE, message, true, null), Duration.ZERO);
    }
    return Topics.get(connection, name, timeoutNanos);
  }

  /** Asks the broker again about what was heard long ago. */
  void lookUpOld(long nowNanos) {
    for (ProduceTopic topic : topics.values()) {
      if (topic.olderThan(AGE_NANOS_MAX, nowNanos)) {
        topic.lookUpAgain();
      }
    }
  }

  /** Asks the broker; exactly one of topic and error comes, on the I/O thread. */
  void lookUp(String name, BiConsumer<Topic, FunesException> then) {
    TopicServiceGrpc.newStub(connection.channel())
        .withDeadlineAfter(LOOK_UP_SECONDS, TimeUnit.SECONDS)
        .getTopic(
            GetTopicRequest.newBuilder().setName(name).build(),
            new StreamObserver<GetTopicResponse>() {
              @Override
              public void onNext(GetTopicResponse response) {
                then.accept(response.getTopic(), null);
              }

              @Override
              public void onError(Throwable error) {
                then.accept(null, Failures.of((StatusRuntimeException) error));
              }

              @Override
              public void onCompleted() {}
            });
  }

  void forget(ProduceTopic topic) {
    topics.remove(topic.name(), topic);
  }
}
