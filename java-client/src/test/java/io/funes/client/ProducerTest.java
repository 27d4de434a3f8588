package io.funes.client;

import static io.funes.client.ClientFixture.LONG;
import static io.funes.client.ClientFixture.await;
import static io.funes.client.ClientFixture.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.proto.v1.ErrorReason;
import io.funes.proto.v1.Record;
import io.funes.proto.v1.RecordBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ProducerTest {
  private final FakeBroker broker = new FakeBroker();
  private final FakeTopic topic = broker.topic("t", 3);

  @AfterEach
  void stop() {
    broker.close();
  }

  private Producer.Builder builder() {
    return Producer.builder().server(broker.address());
  }

  private static List<String> numbers(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }

  private List<CompletableFuture<RecordPosition>> sendNumbers(Producer producer, int count) {
    return numbers(count).stream().map(n -> producer.send(record("t", 0, n))).toList();
  }

  @Test
  void recordIsWrittenAsGiven() throws Exception {
    try (Producer producer = builder().build()) {
      RecordPosition position =
          producer
              .send(
                  ProducerRecord.to("t")
                      .key("k")
                      .value("v")
                      .header("a", "1")
                      .header("b", (byte[]) null)
                      .header("a", "2")
                      .timestampMs(77)
                      .partition(2)
                      .build())
              .get(20, TimeUnit.SECONDS);
      assertThat(position).isEqualTo(new RecordPosition(new TopicPartition("t", 2), 0));
    }
    RecordBatch batch = topic.log(2).batches.get(0);
    Record written = batch.getRecords().getRecords(0);
    assertThat(written.getKey().toStringUtf8()).isEqualTo("k");
    assertThat(written.getValue().toStringUtf8()).isEqualTo("v");
    assertThat(written.getTimestampMs()).isEqualTo(77);
    assertThat(batch.getMaxTimestampMs()).isEqualTo(77);
    assertThat(written.getHeadersList())
        .extracting(h -> h.getName() + (h.hasValue() ? h.getValue().toStringUtf8() : "-"))
        .containsExactly("a1", "b-", "a2");
  }

  @Test
  void absentAndEmptyAreKeptApart() {
    try (Producer producer = builder().build()) {
      producer.send(ProducerRecord.to("t").partition(0).build(), null);
      producer.send(ProducerRecord.to("t").partition(0).key("").value("").build(), null);
      producer.flush();
    }
    List<Record> records = new ArrayList<>();
    topic.log(0).batches.forEach(batch -> records.addAll(batch.getRecords().getRecordsList()));
    assertThat(records).extracting(Record::hasKey).containsExactly(false, true);
    assertThat(records).extracting(Record::hasValue).containsExactly(false, true);
    assertThat(records).noneMatch(Record::hasTimestampMs);
    assertThat(topic.log(0).batches.get(0).getBaseTimestampMs()).isPositive();
  }

  @Test
  void offsetsAreInOrderOfSends() {
    try (Producer producer = builder().batchBytes(4096).build()) {
      List<CompletableFuture<RecordPosition>> sent = sendNumbers(producer, 5_000);
      producer.flush();
      assertThat(sent).allMatch(CompletableFuture::isDone);
      for (int i = 0; i < sent.size(); i++) {
        assertThat(sent.get(i).join().offset()).isEqualTo(i);
      }
    }
    assertThat(topic.log(0).values()).isEqualTo(numbers(5_000));
    assertThat(topic.log(0).batches.size()).isBetween(10, 2_500);
  }

  @Test
  void recordsWithoutKeyGoToAllPartitions() {
    try (Producer producer = builder().batchBytes(1024).build()) {
      for (String n : numbers(3_000)) {
        producer.send(ProducerRecord.to("t").value(n).build(), null);
      }
    }
    assertThat(topic.logs).allMatch(log -> log.end > 200);
    assertThat(topic.logs.stream().mapToLong(log -> log.end).sum()).isEqualTo(3_000);
  }

  @Test
  void batchesGrowWhileAnswersAreOutstanding() {
    broker.produce.holdAnswers = true;
    try (Producer producer = builder().build()) {
      sendNumbers(producer, 1);
      await("the first record to go at once", () -> broker.produce.receivedCount() == 1);
      sendNumbers(producer, 1_000);
      assertThat(broker.produce.receivedCount()).isEqualTo(1);
      broker.produce.release();
      await("the rest to go as one batch", () -> topic.log(0).end == 1_001);
      assertThat(broker.produce.receivedCount()).isEqualTo(2);
    }
  }

  @Test
  void atMostFiveBatchesAreUnderWay() {
    broker.produce.holdAnswers = true;
    try (Producer producer = builder().batchBytes(1024).build()) {
      sendNumbers(producer, 5_000);
      await("five batches", () -> broker.produce.receivedCount() == 5);
      broker.produce.release();
      producer.flush();
    }
    assertThat(topic.log(0).values()).isEqualTo(numbers(5_000));
  }

  @Test
  void lostAnswersGiveNoDuplicates() {
    broker.produce.dropAnswers = true;
    try (Producer producer = builder().batchBytes(1024).build()) {
      List<CompletableFuture<RecordPosition>> sent = sendNumbers(producer, 2_000);
      await("five batches", () -> broker.produce.receivedCount() == 5);
      broker.produce.dropAnswers = false;
      broker.breakCalls(io.grpc.Status.UNAVAILABLE);
      producer.flush();
      assertThat(sent.get(1_999).join().offset()).isEqualTo(1_999);
    }
    assertThat(topic.log(0).values()).isEqualTo(numbers(2_000));
  }

  @Test
  void brokerThatStopsAndStartsIsFoundAgain() {
    try (Producer producer = builder().batchBytes(1024).build()) {
      sendNumbers(producer, 10);
      producer.flush();
      broker.stop();
      List<CompletableFuture<RecordPosition>> sent = new ArrayList<>();
      IntStream.range(10, 1_000)
          .forEach(i -> sent.add(producer.send(record("t", 0, Integer.toString(i)))));
      broker.start();
      assertThat(sent).allSatisfy(f -> f.get(20, TimeUnit.SECONDS));
    }
    assertThat(topic.log(0).values()).isEqualTo(numbers(1_000));
  }

  @Test
  void passingRefusalsKeepTheOrder() {
    AtomicInteger count = new AtomicInteger();
    broker.produce.refuse =
        request ->
            count.incrementAndGet() % 3 == 0
                ? Refusals.status(ErrorReason.ERROR_REASON_NOT_ENOUGH_REPLICAS, "few")
                : null;
    try (Producer producer = builder().batchBytes(1024).build()) {
      List<CompletableFuture<RecordPosition>> sent = sendNumbers(producer, 1_000);
      assertThat(sent).allSatisfy(f -> f.get(20, TimeUnit.SECONDS));
    }
    assertThat(topic.log(0).values()).isEqualTo(numbers(1_000));
  }

  @Test
  void fullDiskIsWaitedFor() throws Exception {
    AtomicInteger count = new AtomicInteger();
    broker.produce.refuse =
        request ->
            count.incrementAndGet() < 4
                ? Refusals.status(
                    ErrorReason.ERROR_REASON_DISK_FULL, "full", Refusals.retryAfterMs(20))
                : null;
    try (Producer producer = builder().build()) {
      assertThat(producer.send(record("t", 0, "x")).get(20, TimeUnit.SECONDS).offset()).isZero();
    }
    assertThat(count).hasValue(4);
  }

  @Test
  void refusedBatchFailsAloneAndTheRestFollows() {
    AtomicInteger count = new AtomicInteger();
    broker.produce.refuse =
        request ->
            count.incrementAndGet() == 3
                ? Refusals.status(ErrorReason.ERROR_REASON_RECORD_TOO_LARGE, "large")
                : null;
    List<String> refused = Collections.synchronizedList(new ArrayList<>());
    try (Producer producer = builder().batchBytes(1024).build()) {
      for (String n : numbers(2_000)) {
        producer.send(
            record("t", 0, n),
            (position, error) -> {
              if (error instanceof RecordRefusedException) {
                refused.add(n);
              }
            });
      }
      producer.flush();
    }
    assertThat(refused).isNotEmpty();
    List<String> expected = new ArrayList<>(numbers(2_000));
    expected.removeAll(refused);
    assertThat(topic.log(0).values()).isEqualTo(expected);
  }

  @Test
  void ofARefusedBatchTheRecordToBlameIsTold() {
    broker.produce.refuse =
        request ->
            Refusals.with(
                Refusals.status(ErrorReason.ERROR_REASON_RECORD_TOO_LARGE, "too large"),
                "record",
                "1");
    List<Boolean> toBlame = new ArrayList<>();
    try (Producer producer = builder().lingerMs(60_000).build()) {
      for (String value : numbers(3)) {
        producer.send(
            record("t", 0, value),
            (position, error) -> toBlame.add(((RecordRefusedException) error).isToBlame()));
      }
    }
    assertThat(toBlame).containsExactly(false, true, false);
  }

  @Test
  void batchWithoutAnswerFailsInTimeAndTheRestFollows() throws Exception {
    broker.produce.dropAnswers = true;
    try (Producer producer = builder().deliveryTimeout(Duration.ofMillis(300)).build()) {
      CompletableFuture<RecordPosition> first = producer.send(record("t", 0, "a"));
      assertThatThrownBy(() -> first.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(DeliveryTimeoutException.class);
      broker.produce.dropAnswers = false;
      CompletableFuture<RecordPosition> second = producer.send(record("t", 0, "b"));
      assertThat(second.get(20, TimeUnit.SECONDS).offset()).isEqualTo(1);
    }
    assertThat(topic.log(0).values()).containsExactly("a", "b");
    assertThat(topic.log(0).batches.get(1).getProducerEpoch()).isEqualTo(1);
  }

  @Test
  void brokerThatForgotTheProducerIsServedAnew() throws Exception {
    try (Producer producer = builder().build()) {
      producer.send(record("t", 0, "a")).get(20, TimeUnit.SECONDS);
      synchronized (broker.topics) {
        topic.log(0).lastOfProducer.clear();
      }
      assertThat(producer.send(record("t", 0, "b")).get(20, TimeUnit.SECONDS).offset())
          .isEqualTo(1);
    }
  }

  @Test
  void topicMadeAnewIsFoundByItsName() throws Exception {
    try (Producer producer = builder().build()) {
      producer.send(record("t", 0, "a")).get(20, TimeUnit.SECONDS);
      FakeTopic other = broker.topic("t", 1);
      assertThat(producer.send(record("t", 0, "b")).get(20, TimeUnit.SECONDS).offset()).isZero();
      assertThat(other.log(0).values()).containsExactly("b");
      CompletableFuture<RecordPosition> gone = producer.send(record("t", 2, "c"));
      assertThatThrownBy(() -> gone.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(UnknownTopicException.class);
    }
  }

  @Test
  void deletedTopicFailsItsRecordsAndLaterSends() {
    try (Producer producer = builder().build()) {
      producer.send(record("t", 0, "a")).join();
      synchronized (broker.topics) {
        broker.topics.clear();
      }
      CompletableFuture<RecordPosition> sent = producer.send(record("t", 0, "b"));
      assertThatThrownBy(() -> sent.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(UnknownTopicException.class);
      assertThatThrownBy(() -> producer.send(record("t", 0, "c")))
          .isInstanceOf(UnknownTopicException.class);
      broker.topic("t", 3);
      assertThat(producer.send(record("t", 0, "d")).join().offset()).isZero();
    }
  }

  @Test
  void unknownTopicAndPartitionAreToldAtOnce() {
    try (Producer producer = builder().build()) {
      assertThatThrownBy(() -> producer.send(record("none", 0, "a")))
          .isInstanceOf(UnknownTopicException.class)
          .extracting(e -> ((FunesException) e).reason())
          .isEqualTo(io.funes.client.ErrorReason.UNKNOWN_TOPIC);
      assertThatThrownBy(() -> producer.send(record("t", 3, "a")))
          .isInstanceOf(UnknownTopicException.class)
          .hasMessageContaining("3 partitions");
    }
  }

  @Test
  void lookUpOfOneTopicDoesNotHoldUpAnother() {
    broker.topic("slow", 1);
    broker.topicService.heldName = "slow";
    try (Producer producer = builder().deliveryTimeout(LONG).build()) {
      producer.send(record("t", 0, "0")).join();
      CompletableFuture<RecordPosition> slow =
          CompletableFuture.supplyAsync(() -> producer.send(record("slow", 0, "0")).join());
      await("a look-up under way", broker.topicService::holdsSome);

      topicGrowsAndRefusesOnce();
      assertThat(producer.send(record("t", 0, "1"))).succeedsWithin(LONG);

      broker.topicService.release();
      assertThat(slow).succeedsWithin(LONG);
    }
  }

  /** So that the producer looks it up again and finds a partition to add. */
  private void topicGrowsAndRefusesOnce() {
    synchronized (broker.topics) {
      topic.grow(4);
    }
    AtomicInteger refusals = new AtomicInteger();
    broker.produce.refuse =
        request ->
            refusals.getAndIncrement() == 0
                ? Refusals.status(ErrorReason.ERROR_REASON_UNKNOWN_PARTITION, "not yet")
                : null;
  }

  @Test
  void newPartitionIsFoundWhenNamed() {
    try (Producer producer = builder().build()) {
      producer.send(record("t", 0, "a")).join();
      synchronized (broker.topics) {
        topic.grow(5);
      }
      assertThat(producer.send(record("t", 4, "b")).join().partition()).isEqualTo(4);
    }
  }

  @Test
  void sendBlocksAndThenRefusesWhenTheBufferIsFull() {
    broker.produce.holdAnswers = true;
    byte[] value = new byte[100_000];
    try (Producer producer =
        builder().bufferBytes(4 << 20).maxBlock(Duration.ofMillis(200)).build()) {
      ProducerRecord record = ProducerRecord.to("t").partition(0).value(value).build();
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 100; i++) {
                  producer.send(record, null);
                }
              })
          .isInstanceOf(BufferFullException.class);
      broker.produce.release();
      producer.flush();
      producer.send(record).orTimeout(20, TimeUnit.SECONDS).join();
    }
  }

  @Test
  void callbackMaySendButNotWait() {
    CompletableFuture<Throwable> refused = new CompletableFuture<>();
    byte[] value = new byte[1 << 20];
    try (Producer producer = builder().bufferBytes(4 << 20).build()) {
      ProducerRecord record = ProducerRecord.to("t").partition(0).value(value).build();
      producer.send(
          record("t", 0, "x"),
          (position, error) -> {
            try {
              for (int i = 0; i < 100; i++) {
                producer.send(record, null);
              }
            } catch (FunesException e) {
              refused.complete(e);
            }
          });
      assertThat(refused.orTimeout(20, TimeUnit.SECONDS).join())
          .isInstanceOf(BufferFullException.class);
    }
  }

  @Test
  void recordsLargerThanABatchGoAlone() {
    byte[] value = new byte[700_000];
    try (Producer producer = builder().batchBytes(16 << 10).build()) {
      producer.send(record("t", 0, "a"), null);
      producer.send(ProducerRecord.to("t").partition(0).value(value).build(), null);
      producer.send(record("t", 0, "b"), null);
      assertThatThrownBy(
              () -> producer.send(ProducerRecord.to("t").value(new byte[5 << 20]).build(), null))
          .isInstanceOf(RecordRefusedException.class);
    }
    assertThat(topic.log(0).end).isEqualTo(3);
    assertThat(topic.log(0).values().get(1)).hasSize(700_000);
  }

  @Test
  void lingeringBatchWaitsForMore() {
    try (Producer producer = builder().lingerMs(200).build()) {
      List<CompletableFuture<RecordPosition>> sent = sendNumbers(producer, 100);
      assertThat(sent).allSatisfy(f -> f.get(20, TimeUnit.SECONDS));
    }
    assertThat(topic.log(0).batches).hasSize(1);
  }

  @Test
  void withoutAcknowledgementsThereAreNoSequencesAndNoGaps() {
    try (Producer producer = builder().acks(Acks.NONE).batchBytes(1024).build()) {
      sendNumbers(producer, 1_000);
      producer.flush();
    }
    assertThat(topic.log(0).values()).isEqualTo(numbers(1_000));
    assertThat(topic.log(0).batches).allMatch(batch -> batch.getProducerId() == 0);
  }

  @Test
  void closeFailsWhatIsLeftAndRefusesTheRest() {
    broker.produce.holdAnswers = true;
    Producer producer = builder().build();
    CompletableFuture<RecordPosition> sent = producer.send(record("t", 0, "a"));
    producer.close(Duration.ofMillis(50));
    producer.close();
    assertThatThrownBy(() -> sent.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ClientClosedException.class);
    assertThatThrownBy(() -> producer.send(record("t", 0, "b")))
        .isInstanceOf(ClientClosedException.class);
  }

  @Test
  void manyThreadsShareAProducer() throws Exception {
    List<Thread> threads = new ArrayList<>();
    try (Producer producer = builder().batchBytes(2048).bufferBytes(4 << 20).build()) {
      for (int t = 0; t < 4; t++) {
        String name = "thread" + t + "-";
        Thread thread =
            new Thread(
                () -> numbers(3_000).forEach(n -> producer.send(record("t", 0, name + n), null)));
        thread.start();
        threads.add(thread);
      }
      for (Thread thread : threads) {
        thread.join(LONG.toMillis());
      }
      producer.flush();
    }
    List<String> values = topic.log(0).values();
    assertThat(values).hasSize(12_000);
    for (int t = 0; t < 4; t++) {
      String name = "thread" + t + "-";
      assertThat(values.stream().filter(v -> v.startsWith(name)).map(v -> v.substring(8)))
          .isEqualTo(numbers(3_000));
    }
  }
}
