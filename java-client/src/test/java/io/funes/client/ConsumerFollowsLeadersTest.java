package io.funes.client;

import static io.funes.client.ClientFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.funes.proto.v1.PartitionStart;
import io.funes.proto.v1.ReadRequest;
import io.funes.proto.v1.Record;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A consumer that knows of broker 0, and partitions led by broker 0, 1 and 2. */
final class ConsumerFollowsLeadersTest {
  private final FakeCluster cluster = new FakeCluster(3);
  private final FakeTopic topic = cluster.topic("t", 3);
  private final List<List<String>> polled = List.of(list(), list(), list());
  private Consumer consumer;

  private static List<String> list() {
    return new ArrayList<>();
  }

  @BeforeEach
  void start() {
    consumer = Consumer.builder().server(cluster.broker(0).address()).build();
    consumer.assign("t");
  }

  @AfterEach
  void stop() {
    consumer.close();
    cluster.close();
  }

  /** Adds a number to each partition. */
  private void append() {
    synchronized (cluster.broker(0).topics) {
      for (FakeLog log : topic.logs) {
        ByteString value = ByteString.copyFromUtf8(Long.toString(log.end));
        log.append(FakeBatches.of(1, List.of(Record.newBuilder().setValue(value).build())));
      }
    }
    cluster.push();
  }

  /** Polls until all there is has come. */
  private void pollAll() {
    await(
        "all records",
        () -> {
          consumer
              .poll(Duration.ofMillis(20))
              .forEach(record -> polled.get(record.partition()).add(record.valueText()));
          return IntStream.range(0, 3).allMatch(i -> polled.get(i).size() >= topic.log(i).end);
        });
  }

  private void assertEachCameOnceInOrder() {
    for (int i = 0; i < 3; i++) {
      assertThat(polled.get(i)).isEqualTo(topic.log(i).values());
    }
  }

  /** Lets it read until this broker has been asked for exactly these partitions. */
  private ReadRequest awaitRead(int broker, Integer... partitions) {
    List<ReadRequest> reads = cluster.broker(broker).fetch.reads;
    Predicate<ReadRequest> asWanted = read -> partitions(read).equals(List.of(partitions));
    await(
        "a read of " + List.of(partitions) + " at broker " + broker,
        () -> {
          append();
          pollAll();
          return reads.stream().anyMatch(asWanted);
        });
    return reads.stream().filter(asWanted).findFirst().orElseThrow();
  }

  private static List<Integer> partitions(ReadRequest read) {
    return read.getTopics(0).getPartitionsList().stream()
        .map(PartitionStart::getPartition)
        .toList();
  }

  @Test
  void eachPartitionComesFromItsLeader() {
    awaitRead(1, 1);
    awaitRead(2, 2);
    awaitRead(0, 0);
    assertEachCameOnceInOrder();
  }

  /** The first stream begins with all of it, later ones with their shares. */
  @Test
  void whatIsReadAheadIsSharedAmongTheLeaders() {
    assertThat(awaitRead(0, 0, 1, 2).getCredits().getBytes()).isEqualTo(8 << 20);
    for (int leader = 1; leader < 3; leader++) {
      long credits = awaitRead(leader, leader).getCredits().getBytes();
      assertThat(credits).isLessThanOrEqualTo((8 << 20) / 2);
    }
  }

  @Test
  void goesOnWhereItStoodAtTheNextLeader() {
    awaitRead(1, 1);
    long position = consumer.position(new TopicPartition("t", 1));

    cluster.lead("t", 1, 2);

    ReadRequest read = awaitRead(2, 1, 2);
    assertThat(read.getTopics(0).getPartitions(0).getStart().getOffset())
        .isGreaterThanOrEqualTo(position);
    assertEachCameOnceInOrder();
  }

  @Test
  void aLeadersDeathIsNoError() {
    awaitRead(1, 1);
    cluster.broker(1).stop();
    append();
    pollAll();
    cluster.lead("t", 1, 2);
    awaitRead(2, 1, 2);
    assertEachCameOnceInOrder();
  }

  @Test
  void whenTheOnlyServerNamedDiesTheOthersAreKnown() {
    awaitRead(1, 1);
    cluster.broker(0).stop();
    cluster.lead("t", 0, 1);
    awaitRead(1, 0, 1);
    assertEachCameOnceInOrder();
  }

  @Test
  void allComesFromTheServersNamedWhereThatIsWanted() {
    try (Consumer indirect =
        Consumer.builder().server(cluster.broker(0).address()).direct(false).build()) {
      indirect.assign("t");
      append();
      await("all records", () -> indirect.poll(Duration.ofMillis(20)).count() > 0);
    }
    assertThat(cluster.broker(1).fetch.reads).isEmpty();
  }
}
