package io.funes.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.proto.v1.FetchRequest;
import io.funes.proto.v1.FetchServiceGrpc;
import io.funes.proto.v1.PartitionBatches;
import io.funes.proto.v1.PartitionStart;
import io.funes.proto.v1.RecordBatch;
import io.funes.proto.v1.Start;
import io.funes.proto.v1.TopicStart;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** A producer for each partition of a topic, all of which send until they are stopped. */
final class Load implements AutoCloseable {
  /** Leaves the processors to the brokers: it is not their speed that is tested. */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final BrokerCluster cluster;
  private final String topic;
  private final List<SequencedProducer> producers;
  private final List<CompletableFuture<Void>> running;
  private volatile boolean stopped;

  private Load(BrokerCluster cluster, String topic, int partitions) {
    this.cluster = cluster;
    this.topic = topic;
    this.producers =
        IntStream.range(0, partitions)
            .mapToObj(partition -> new SequencedProducer(cluster, topic, partition))
            .toList();
    this.running =
        producers.stream()
            .map(producer ->
                CompletableFuture.runAsync(
                    () -> run(producer),
                    task -> Thread.ofPlatform().name("load-" + producer.partition()).start(task)))
            .toList();
  }

  /** On a new topic whose partitions are spread over all brokers; returns when each has records. */
  static Load on(BrokerCluster cluster, String topic, int partitions) {
    cluster.createTopic(topic, partitions, 2);
    Load load = new Load(cluster, topic, partitions);
    load.awaitMore(20);
    return load;
  }

  String topic() {
    return topic;
  }

  private void run(SequencedProducer producer) {
    while (!stopped) {
      producer.send(1);
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /** Waits until each producer has had so many more numbers acknowledged. */
  void awaitMore(int count) {
    int[] goals =
        producers.stream().mapToInt(producer -> producer.acknowledged() + count).toArray();
    producers.forEach(producer -> awaitGoal(producer, goals[producer.partition()]));
  }

  /** Likewise, of one partition. */
  void awaitMore(int count, int partition) {
    SequencedProducer producer = producers.get(partition);
    awaitGoal(producer, producer.acknowledged() + count);
  }

  private void awaitGoal(SequencedProducer producer, int goal) {
    Await.until(
        () ->
            "%d numbers in partition %d of %s"
                .formatted(goal, producer.partition(), cluster.topic(cluster.controller(), topic)),
        () -> {
          running.stream().filter(CompletableFuture::isDone).forEach(CompletableFuture::join);
          return producer.acknowledged() >= goal;
        });
  }

  /** One that this broker leads now. */
  int partitionLedBy(int broker) {
    return producers.stream()
        .mapToInt(SequencedProducer::partition)
        .filter(partition -> cluster.leader(topic, partition) == broker)
        .findFirst()
        .orElseThrow();
  }

  /** Longest time for which a partition acknowledged nothing, since the last look. */
  long takeLongestGapMs() {
    return producers.stream().mapToLong(SequencedProducer::takeLongestGapMs).max().orElseThrow();
  }

  /** Ends when the numbers under way are acknowledged. */
  void stop() {
    stopped = true;
    running.forEach(CompletableFuture::join);
  }

  /** Stops; then nothing is lost, nothing is there twice, and all is in order on all replicas. */
  void assertAllThereOnceAndInOrder() {
    assertAllThereOnceAndInOrder(cluster.brokers());
  }

  /** Likewise, on these replicas. */
  void assertAllThereOnceAndInOrder(List<BrokerProcess> replicas) {
    stop();
    producers.forEach(this::assertAllThereOnceAndInOrder);
    ReplicaLogs.awaitEqual(replicas, topic, producers.size());
  }

  private void assertAllThereOnceAndInOrder(SequencedProducer producer) {
    int count = producer.acknowledged();
    assertThat(producer.offsets())
        .as("acknowledged offsets of partition %d", producer.partition())
        .containsExactlyElementsOf(LongStream.range(0, count).boxed().toList());
    assertThat(readAll(cluster, topic, producer.partition()))
        .as("records of partition %d", producer.partition())
        .containsExactlyElementsOf(IntStream.range(0, count).mapToObj(Integer::toString).toList());
  }

  /** Values from the leader, up to its high watermark. */
  static List<String> readAll(BrokerCluster cluster, String topic, int partition) {
    List<String> values = new ArrayList<>();
    int leader = cluster.leader(topic, partition);
    for (long next = 0, end = 1; next < end; ) {
      FetchRequest request =
          FetchRequest.newBuilder()
              .addTopics(
                  TopicStart.newBuilder()
                      .setTopic(topic)
                      .addPartitions(
                          PartitionStart.newBuilder()
                              .setPartition(partition)
                              .setStart(Start.newBuilder().setOffset(next))))
              .build();
      PartitionBatches batches =
          FetchServiceGrpc.newBlockingStub(cluster.channel(leader))
              .withDeadlineAfter(30, TimeUnit.SECONDS)
              .fetch(request)
              .getPartitions(0);
      for (RecordBatch batch : batches.getBatchesList()) {
        batch
            .getRecords()
            .getRecordsList()
            .forEach(record -> values.add(record.getValue().toStringUtf8()));
      }
      next = batches.getNextOffset();
      end = batches.getHighWatermark();
    }
    return values;
  }

  @Override
  public void close() {
    stopped = true;
  }
}
