package io.funes.client;

import static io.funes.client.ClientFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.funes.proto.v1.ReadRequest;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A consumer that knows of broker 0, and partitions led by broker 0, 1 and 2. */
final class ConsumerFollowsLeadersTest {
  private final FakeCluster cluster = new FakeCluster(3);
  private final ClusterReading reading = new ClusterReading(cluster, cluster.topic("t", 3));
  private Consumer consumer;

  @BeforeEach
  void start() {
    consumer = Consumer.builder().server(cluster.broker(0).address()).build();
    reading.begin(consumer);
  }

  @AfterEach
  void stop() {
    consumer.close();
    cluster.close();
  }

  @Test
  void eachPartitionComesFromItsLeader() {
    reading.awaitRead(1, 1);
    reading.awaitRead(2, 2);
    reading.awaitRead(0, 0);
    reading.assertEachCameOnceInOrder();
  }

  /** The first stream begins with all of it, later ones with their shares. */
  @Test
  void whatIsReadAheadIsSharedAmongTheLeaders() {
    assertThat(reading.awaitRead(0, 0, 1, 2).getCredits().getBytes()).isEqualTo(8 << 20);
    for (int leader = 1; leader < 3; leader++) {
      long credits = reading.awaitRead(leader, leader).getCredits().getBytes();
      assertThat(credits).isLessThanOrEqualTo((8 << 20) / 2);
    }
  }

  @Test
  void goesOnWhereItStoodAtTheNextLeader() {
    reading.awaitRead(1, 1);
    long position = consumer.position(new TopicPartition("t", 1));

    cluster.lead("t", 1, 2);

    ReadRequest read = reading.awaitRead(2, 1, 2);
    assertThat(read.getTopics(0).getPartitions(0).getStart().getOffset())
        .isGreaterThanOrEqualTo(position);
    reading.assertEachCameOnceInOrder();
  }

  @Test
  void aLeadersDeathIsNoError() {
    reading.awaitRead(1, 1);
    cluster.broker(1).stop();
    reading.append();
    reading.pollAll();
    cluster.lead("t", 1, 2);
    reading.awaitRead(2, 1, 2);
    reading.assertEachCameOnceInOrder();
  }

  @Test
  void whenTheOnlyServerNamedDiesTheOthersAreKnown() {
    reading.awaitRead(1, 1);
    cluster.broker(0).stop();
    cluster.lead("t", 0, 1);
    reading.awaitRead(1, 0, 1);
    reading.assertEachCameOnceInOrder();
  }

  @Test
  void allComesFromTheServersNamedWhereThatIsWanted() {
    try (Consumer indirect =
        Consumer.builder().server(cluster.broker(0).address()).direct(false).build()) {
      indirect.assign("t");
      reading.append();
      await("all records", () -> indirect.poll(Duration.ofMillis(20)).count() > 0);
    }
    assertThat(cluster.broker(1).fetch.reads).isEmpty();
  }
}
