package io.funes.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.proto.v1.ErrorReason;
import io.funes.proto.v1.ReadRequest;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A consumer in the rack of brokers 1 and 2 that knows of broker 0, which stands elsewhere. Broker
 * 0 leads partition 0 and 3, broker 1 leads 1, broker 2 leads 2.
 */
final class ConsumerReadsNearByTest {
  private final FakeCluster cluster = new FakeCluster(3);
  private final ClusterReading reading = new ClusterReading(cluster, cluster.topic("t", 4));
  private Consumer consumer;

  @BeforeEach
  void start() {
    cluster.rack(0, "far");
    cluster.rack(1, "near");
    cluster.rack(2, "near");
    consumer = Consumer.builder().server(cluster.broker(0).address()).rack("near").build();
    reading.begin(consumer);
  }

  @AfterEach
  void stop() {
    consumer.close();
    cluster.close();
  }

  @Test
  void partitionsComeFromTheirLeadersInTheRackOrElseFromReplicasThere() {
    ReadRequest first = reading.awaitRead(1, 0, 1);
    ReadRequest second = reading.awaitRead(2, 2, 3);

    assertThat(first.getAllowFollower()).isTrue();
    assertThat(second.getAllowFollower()).isTrue();
    reading.assertEachCameOnceInOrder();
  }

  @Test
  void aReplicaThatFallsOutOfSyncIsLeftAndComeBackToLater() {
    reading.awaitRead(1, 0, 1);
    reading.awaitRead(2, 2, 3);

    cluster.inSync("t", 0, 0, 2);
    reading.awaitRead(2, 0, 2, 3);
    cluster.inSync("t", 0, 0);
    reading.awaitRead(0, 0);
    int before = cluster.broker(1).fetch.reads.size();
    cluster.inSync("t", 0, 0, 1, 2);
    reading.awaitReadAfter(before, 1, 0, 1);

    reading.assertEachCameOnceInOrder();
  }

  @Test
  void aNewLeaderInTheRackIsReadFromInstead() {
    reading.awaitRead(1, 0, 1);
    reading.awaitRead(2, 2, 3);

    cluster.lead("t", 0, 2);

    reading.awaitRead(2, 0, 2, 3);
    reading.assertEachCameOnceInOrder();
  }

  @Test
  void theDeathOfAReplicaNearByIsNoErrorAndItIsComeBackTo() {
    reading.awaitRead(1, 0, 1);

    cluster.broker(1).stop();
    reading.awaitRead(0, 0);
    cluster.inSync("t", 0, 0, 2);
    reading.awaitRead(2, 0, 2, 3);

    int before = cluster.broker(1).fetch.reads.size();
    cluster.broker(1).start();
    cluster.inSync("t", 0, 0, 1, 2);
    reading.awaitReadAfter(before, 1, 0, 1);
    reading.assertEachCameOnceInOrder();
  }

  /** The metadata still has it in sync. */
  @Test
  void whatAReplicaNearByCannotReadIsReadFromTheLeader() {
    cluster.lead("t", 2, 0);
    reading.awaitRead(1, 0, 1, 2);
    reading.awaitRead(2, 3);
    cluster.broker(2).fetch.refusal =
        Refusals.exception(ErrorReason.ERROR_REASON_STORAGE_FAILURE, "a bad disk");
    cluster.broker(2).fetch.drain();

    reading.awaitRead(0, 3);

    reading.assertEachCameOnceInOrder();
  }

  @Test
  void anErrorThatTheLeaderAgreesWithIsThrown() {
    reading.awaitRead(1, 0, 1);
    consumer.seek(new TopicPartition("t", 0), StartPosition.offset(1_000_000));

    assertThatThrownBy(
            () -> {
              while (true) {
                consumer.poll(Duration.ofMillis(100));
              }
            })
        .isInstanceOf(OffsetOutOfRangeException.class);
  }

  @Test
  void withoutBrokersInTheRackPartitionsComeFromTheirLeaders() {
    consumer.close();
    consumer = Consumer.builder().server(cluster.broker(0).address()).rack("nowhere").build();
    reading.begin(consumer);

    reading.awaitRead(0, 0, 3);
    reading.awaitRead(1, 1);
    reading.awaitRead(2, 2);
    reading.assertEachCameOnceInOrder();
  }
}
