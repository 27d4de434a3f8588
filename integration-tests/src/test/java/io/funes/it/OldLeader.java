package io.funes.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.proto.v1.ProduceResponse;
import io.funes.proto.v1.ProduceServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A partition whose leader is about to be cut off or to stand still, and what is sent to that one
 * when another leads. Where it knows no better it takes this into its log, and what it has is cut
 * off when it follows: so it must not acknowledge it.
 */
final class OldLeader {
  private static final int STALE = 20;

  private final BrokerCluster cluster;
  private final String topic;
  private final int partition;
  private final int id;
  private final SequencedProducer producer;
  private final List<Future<ProduceResponse>> stale = new ArrayList<>();

  private OldLeader(BrokerCluster cluster, String topic, int partition, int id) {
    this.cluster = cluster;
    this.topic = topic;
    this.partition = partition;
    this.id = id;
    this.producer = new SequencedProducer(cluster, topic, partition);
  }

  /** A partition of a new topic which this broker leads. */
  static OldLeader of(BrokerCluster cluster, String topicName, int id) {
    int partition = cluster.createTopicLedBy(id, topicName);
    OldLeader old = new OldLeader(cluster, topicName, partition, id);
    old.producer.send(20);
    return old;
  }

  /** Sends to it, to each with a producer of its own. */
  void send() {
    for (int i = 0; i < STALE; i++) {
      int number = stale.size();
      stale.add(
          ClientCalls.futureUnaryCall(
              cluster
                  .channel(id)
                  .newCall(
                      ProduceServiceGrpc.getProduceMethod(),
                      CallOptions.DEFAULT.withDeadlineAfter(15, TimeUnit.SECONDS)),
              producer.request(5_000 + number, 0, "stale-" + number)));
    }
  }

  /** Others lead now: writes to them, and to it. */
  void deposed() {
    cluster.awaitNotLeading(topic, id);
    send();
    producer.send(20);
  }

  /** When it has answered all, and follows. */
  void assertNothingAcknowledgedIsLost() {
    List<String> acknowledged = new ArrayList<>();
    for (int i = 0; i < stale.size(); i++) {
      if (acknowledged(stale.get(i))) {
        acknowledged.add("stale-" + i);
      }
    }
    cluster.awaitAllInSync(topic);
    producer.send(1);
    List<String> log = Load.readAll(cluster, topic, partition);
    assertThat(log).containsAll(acknowledged).doesNotHaveDuplicates();
    assertThat(log.stream().filter(value -> !value.startsWith("stale")).toList())
        .hasSize(producer.acknowledged())
        .isSortedAccordingTo((a, b) -> Integer.compare(Integer.parseInt(a), Integer.parseInt(b)));
    ReplicaLogs.awaitEqual(cluster.brokers(), topic, partition, partition + 1);
  }

  private static boolean acknowledged(Future<ProduceResponse> call) {
    try {
      call.get();
      return true;
    } catch (ExecutionException e) {
      assertThat(e).hasCauseInstanceOf(StatusRuntimeException.class);
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
