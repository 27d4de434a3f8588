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

/** A consumer at work on a topic of a fake cluster, and what it has got of each partition. */
final class ClusterReading {
  private final FakeCluster cluster;
  private final FakeTopic topic;
  private final List<List<String>> polled = new ArrayList<>();
  private Consumer consumer;

  ClusterReading(FakeCluster cluster, FakeTopic topic) {
    this.cluster = cluster;
    this.topic = topic;
    topic.logs.forEach(log -> polled.add(new ArrayList<>()));
  }

  void begin(Consumer reader) {
    consumer = reader;
    consumer.assign(topic.name);
  }

  /** Adds a number to each partition. */
  void append() {
    synchronized (cluster.broker(0).topics) {
      for (FakeLog log : topic.logs) {
        ByteString value = ByteString.copyFromUtf8(Long.toString(log.end));
        log.append(FakeBatches.of(1, List.of(Record.newBuilder().setValue(value).build())));
      }
    }
    cluster.push();
  }

  /** Polls until all there is has come. */
  void pollAll() {
    await(
        "all records",
        () -> {
          consumer
              .poll(Duration.ofMillis(20))
              .forEach(record -> polled.get(record.partition()).add(record.valueText()));
          return IntStream.range(0, polled.size())
              .allMatch(i -> polled.get(i).size() >= topic.log(i).end);
        });
  }

  void assertEachCameOnceInOrder() {
    for (int i = 0; i < polled.size(); i++) {
      assertThat(polled.get(i)).isEqualTo(topic.log(i).values());
    }
  }

  /** Lets it read until this broker has been asked for exactly these partitions. */
  ReadRequest awaitRead(int broker, Integer... partitions) {
    return awaitReadAfter(0, broker, partitions);
  }

  /** Likewise, in a read that is not one of the first so many. */
  ReadRequest awaitReadAfter(int before, int broker, Integer... partitions) {
    List<ReadRequest> reads = cluster.broker(broker).fetch.reads;
    Predicate<ReadRequest> asWanted = read -> partitions(read).equals(List.of(partitions));
    await(
        "a read of " + List.of(partitions) + " at broker " + broker,
        () -> {
          append();
          pollAll();
          return reads.stream().skip(before).anyMatch(asWanted);
        });
    return reads.stream().skip(before).filter(asWanted).findFirst().orElseThrow();
  }

  private static List<Integer> partitions(ReadRequest read) {
    return read.getTopics(0).getPartitionsList().stream()
        .map(PartitionStart::getPartition)
        .toList();
  }
}
