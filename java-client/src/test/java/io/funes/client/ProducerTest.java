package io.funes.client;

import static io.funes.client.ClientFixture.LONG;
import static io.funes.client.ClientFixture.await;
import static io.funes.client.ClientFixture.numbers;
import static io.funes.client.ClientFixture.record;
import static io.funes.client.ClientFixture.sendNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.proto.v1.Record;
import io.funes.proto.v1.RecordBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A broker without faults: what is written, and when it goes. */
final class ProducerTest {
  private final FakeBroker broker = new FakeBroker();
  private final FakeTopic topic = broker.topic("t", 3);

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void recordIsWrittenAsGiven() throws Exception {
    try (Producer producer = broker.producer().build()) {
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
    try (Producer producer = broker.producer().build()) {
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
    try (Producer producer = broker.producer().batchBytes(4096).build()) {
      List<CompletableFuture<RecordPosition>> sent = sendNumbers(producer, 5_000);
      producer.flush();
      assertThat(sent).allMatch(CompletableFuture::isDone);
      for (int i = 0; i < sent.size(); i++) {
        assertThat(sent.get(i).join().offset()).isEqualTo(i);
      }
    }
    assertThat(topic.log(0).values()).isEqualTo(numbers(0, 5_000));
    assertThat(topic.log(0).batches.size()).isBetween(10, 2_500);
  }

  @Test
  void recordsWithoutKeyGoToAllPartitions() {
    try (Producer producer = broker.producer().batchBytes(1024).build()) {
      for (String n : numbers(0, 3_000)) {
        producer.send(ProducerRecord.to("t").value(n).build(), null);
      }
    }
    assertThat(topic.logs).allMatch(log -> log.end > 200);
    assertThat(topic.logs.stream().mapToLong(log -> log.end).sum()).isEqualTo(3_000);
  }

  @Test
  void batchesGrowWhileAnswersAreOutstanding() {
    broker.produce.holdAnswers = true;
    try (Producer producer = broker.producer().build()) {
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
    try (Producer producer = broker.producer().batchBytes(1024).build()) {
      sendNumbers(producer, 5_000);
      await("five batches", () -> broker.produce.receivedCount() == 5);
      broker.produce.release();
      producer.flush();
    }
    assertThat(topic.log(0).values()).isEqualTo(numbers(0, 5_000));
  }

  @Test
  void sendBlocksAndThenRefusesWhenTheBufferIsFull() {
    broker.produce.holdAnswers = true;
    byte[] value = new byte[100_000];
    try (Producer producer =
        broker.producer().bufferBytes(4 << 20).maxBlock(Duration.ofMillis(200)).build()) {
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
  void whoIsInterruptedInTheWaitForRoomIsToldSo() {
    broker.produce.holdAnswers = true;
    byte[] value = new byte[100_000];
    try (Producer producer = broker.producer().bufferBytes(4 << 20).build()) {
      ProducerRecord record = ProducerRecord.to("t").partition(0).value(value).build();
      producer.send(record, null);
      Thread.currentThread().interrupt();
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 100; i++) {
                  producer.send(record, null);
                }
              })
          .isInstanceOf(BufferFullException.class)
          .hasMessageStartingWith("interrupted");
      assertThat(Thread.interrupted()).isTrue();
      broker.produce.release();
    }
  }

  @Test
  void callbackMaySendButNotWait() {
    CompletableFuture<Throwable> refused = new CompletableFuture<>();
    byte[] value = new byte[1 << 20];
    try (Producer producer = broker.producer().bufferBytes(4 << 20).build()) {
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
    try (Producer producer = broker.producer().batchBytes(16 << 10).build()) {
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
    try (Producer producer = broker.producer().lingerMs(200).build()) {
      List<CompletableFuture<RecordPosition>> sent = sendNumbers(producer, 100);
      assertThat(sent).allSatisfy(f -> f.get(20, TimeUnit.SECONDS));
    }
    assertThat(topic.log(0).batches).hasSize(1);
  }

  @Test
  void withoutAcknowledgementsThereAreNoSequencesAndNoGaps() {
    try (Producer producer = broker.producer().acks(Acks.NONE).batchBytes(1024).build()) {
      sendNumbers(producer, 1_000);
      producer.flush();
    }
    assertThat(topic.log(0).values()).isEqualTo(numbers(0, 1_000));
    assertThat(topic.log(0).batches).allMatch(batch -> batch.getProducerId() == 0);
  }

  @Test
  void closeFailsWhatIsLeftAndRefusesTheRest() {
    broker.produce.holdAnswers = true;
    Producer producer = broker.producer().build();
    CompletableFuture<RecordPosition> sent = producer.send(record("t", 0, "a"));
    producer.close(Duration.ofMillis(50));
    producer.close();
    assertThatThrownBy(() -> sent.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ClientClosedException.class);
    assertThatThrownBy(() -> producer.send(record("t", 0, "b")))
        .isInstanceOf(ClientClosedException.class);
  }

  @Test
  void closeFailsWhatIsBeingCompressedToo() throws Exception {
    broker.produce.holdAnswers = true;
    byte[] slow = new byte[3 << 20];
    new Random(1).nextBytes(slow);
    Producer producer = broker.producer().compression(Compression.GZIP).build();
    CompletableFuture<CompletableFuture<RecordPosition>> sent = new CompletableFuture<>();
    Thread sending =
        new Thread(() ->
            sent.complete(producer.send(ProducerRecord.to("t").partition(0).value(slow).build())));
    sending.start();
    await("its compression", () -> isIn("compress", sending));
    producer.close(Duration.ZERO);
    assertThatThrownBy(() -> sent.get(20, TimeUnit.SECONDS).get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ClientClosedException.class);
  }

  private static boolean isIn(String method, Thread thread) {
    return Arrays.stream(thread.getStackTrace())
        .anyMatch(call -> call.getMethodName().equals(method));
  }

  @Test
  void callbackThatThrowsAnErrorHoldsNothingUp() {
    List<Long> told = new CopyOnWriteArrayList<>();
    try (Producer producer = broker.producer().lingerMs(60_000).build()) {
      for (String n : numbers(0, 3)) {
        producer.send(
            record("t", 0, n),
            (position, error) -> {
              told.add(position.offset());
              throw new AssertionError("thrown for a test");
            });
      }
      CompletableFuture.runAsync(producer::flush).orTimeout(20, TimeUnit.SECONDS).join();
    }
    assertThat(told).containsExactly(0L, 1L, 2L);
  }

  @Test
  void manyThreadsShareAProducer() throws Exception {
    List<Thread> threads = new ArrayList<>();
    try (Producer producer = broker.producer().batchBytes(2048).bufferBytes(4 << 20).build()) {
      for (int t = 0; t < 4; t++) {
        String name = "thread" + t + "-";
        Thread thread =
            new Thread(() ->
                numbers(0, 3_000).forEach(n -> producer.send(record("t", 0, name + n), null)));
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
          .isEqualTo(numbers(0, 3_000));
    }
  }
}
