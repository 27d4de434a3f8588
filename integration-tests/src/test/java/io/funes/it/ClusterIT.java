package io.funes.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.proto.v1.CreateTopicRequest;
import io.funes.proto.v1.GetTopicRequest;
import io.funes.proto.v1.Partition;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three brokers of one cluster in processes of their own. */
final class ClusterIT {
  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final List<BrokerProcess> brokers = new ArrayList<>();

  @BeforeEach
  void start() {
    brokers.add(BrokerProcess.fresh("cluster-0"));
    brokers.add(BrokerProcess.joining(brokers.getFirst(), "cluster-1"));
    brokers.add(BrokerProcess.joining(brokers.getFirst(), "cluster-2"));
    try (Stubs stubs = new Stubs(brokers.getFirst())) {
      var _ =
          stubs
              .topics()
              .createTopic(
                  CreateTopicRequest.newBuilder()
                      .setName("t")
                      .setPartitionCount(1)
                      .setReplicationFactor(3)
                      .putAllConfigs(Map.of("min.insync.replicas", "2"))
                      .build());
    }
  }

  @AfterEach
  void stop() {
    brokers.forEach(BrokerProcess::close);
  }

  @Test
  void whatIsAcknowledgedSurvivesTheLeadersDeath() {
    try (SequencedProducer producer = new SequencedProducer("t", brokers)) {
      producer.send(200);
      for (int round = 0; round < 4; round++) {
        awaitAllInSync();
        int leader = producer.leader();
        brokers.get(leader).kill9();
        producer.send(200);
        System.out.printf(
            "ClusterIT: broker %d killed, longest gap %d ms%n",
            leader, producer.takeLongestGapMs());
        brokers.get(leader).start();
      }
      awaitAllInSync();
      assertEachOnceAndInOrder(producer);
    }
  }

  @Test
  void aRollingRestartLosesNothing() {
    try (SequencedProducer producer = new SequencedProducer("t", brokers)) {
      producer.send(200);
      for (BrokerProcess broker : brokers) {
        awaitAllInSync();
        broker.restart();
        producer.send(200);
      }
      awaitAllInSync();
      assertEachOnceAndInOrder(producer);
    }
  }

  /** On each broker in turn, as leader. */
  private void assertEachOnceAndInOrder(SequencedProducer producer) {
    int count = producer.offsets().size();
    assertThat(producer.offsets())
        .containsExactlyElementsOf(IntStream.range(0, count).mapToObj(i -> (long) i).toList());
    BrokerProcess leader = brokers.get(producer.leader());
    assertThat(TopicReader.readAll(leader, "t"))
        .extracting(record -> record.valueText())
        .containsExactlyElementsOf(IntStream.range(0, count).mapToObj(Integer::toString).toList());
  }

  private void awaitAllInSync() {
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < TIMEOUT_NANOS) {
      for (BrokerProcess broker : brokers) {
        try (Stubs stubs = new Stubs(broker)) {
          Partition partition =
              stubs
                  .topics()
                  .getTopic(GetTopicRequest.newBuilder().setName("t").build())
                  .getTopic()
                  .getPartitions(0);
          if (partition.getInSyncReplicaIdsCount() == brokers.size()) {
            return;
          }
        } catch (StatusRuntimeException e) {
          // Not up yet.
        }
      }
    }
    throw new AssertionError("not all in sync");
  }
}
