package io.funes.client;

import static io.funes.client.ClientFixture.LONG;
import static io.funes.client.ClientFixture.await;
import static io.funes.client.ClientFixture.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.funes.client.internal.consume.ReadSettings;
import io.funes.client.internal.transport.ServerList;
import io.funes.client.internal.transport.Ticker;
import io.funes.proto.v1.Header;
import io.funes.proto.v1.Record;
import io.funes.proto.v1.RecordBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ConsumerTest {
  private static final TopicPartition T0 = new TopicPartition("t", 0);

  private final FakeBroker broker = new FakeBroker();
  private final FakeTopic topic = broker.topic("t", 2);

  @AfterEach
  void stop() {
    broker.close();
  }

  private Consumer.Builder builder() {
    return Consumer.builder().server(broker.address());
  }

  private static Record record(String value) {
    return Record.newBuilder().setValue(ByteString.copyFromUtf8(value)).build();
  }

  /** Appends numbers in batches of three. */
  private void fill(int partition, int from, int to) {
    synchronized (broker.topics) {
      for (int i = from; i < to; i += 3) {
        List<Record> records =
            IntStream.range(i, Math.min(to, i + 3)).mapToObj(n -> record("" + n)).toList();
        topic.log(partition).append(FakeBatches.of(1_000 + i, records));
      }
    }
    broker.fetch.push();
  }

  private static List<String> poll(Consumer consumer, int count) {
    List<ConsumerRecord> records = pollRecords(consumer, count);
    return records.stream().map(ConsumerRecord::valueText).toList();
  }

  private static List<ConsumerRecord> pollRecords(Consumer consumer, int count) {
    List<ConsumerRecord> records = new ArrayList<>();
    await(
        count + " records",
        () -> {
          consumer.poll(Duration.ofMillis(200)).forEach(records::add);
          return records.size() >= count;
        });
    return records;
  }

  @Test
  void threadThatIsInterruptedDoesNotWait() {
    try (Consumer consumer = builder().build()) {
      consumer.assign(T0);
      consumer.poll(Duration.ZERO);
      Thread.currentThread().interrupt();
      ConsumerRecords records = consumer.poll(Duration.ofHours(1));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(records.isEmpty()).isTrue();
    }
  }

  @Test
  void recordsComeAsTheyAre() {
    Record full =
        Record.newBuilder()
            .setKey(ByteString.copyFromUtf8("k"))
            .setValue(ByteString.copyFromUtf8("v".repeat(300)))
            .addHeaders(Header.newBuilder().setName("a").setValue(ByteString.copyFromUtf8("1")))
            .addHeaders(Header.newBuilder().setName("b"))
            .setTimestampMs(5)
            .build();
    topic.log(0).append(FakeBatches.of(77, List.of(Record.getDefaultInstance(), full)));
    try (Consumer consumer = builder().build()) {
      consumer.assign(T0);
      List<ConsumerRecord> records = pollRecords(consumer, 2);
      ConsumerRecord bare = records.get(0);
      assertThat(bare.key()).isNull();
      assertThat(bare.value()).isNull();
      assertThat(bare.headers()).isEmpty();
      assertThat(bare.timestampMs()).isEqualTo(77);
      ConsumerRecord read = records.get(1);
      assertThat(read.keyText()).isEqualTo("k");
      assertThat(read.valueText()).hasSize(300);
      assertThat(read.timestampMs()).isEqualTo(5);
      assertThat(read.offset()).isEqualTo(1);
      assertThat(read.headers())
          .containsExactly(
              io.funes.client.Header.of("a", "1"), io.funes.client.Header.of("b", (byte[]) null));
    }
  }

  @Test
  void appendTimeAndHolesInOffsetsAreHeeded() {
    RecordBatch batch =
        RecordBatch.newBuilder()
            .setAppendTimeMs(900)
            .setRecordCount(2)
            .setLastOffsetDelta(9)
            .setBaseTimestampMs(1)
            .setRecords(
                io.funes.proto.v1.Records.newBuilder()
                    .addRecords(record("a").toBuilder().setTimestampMs(3).setOffsetDelta(4))
                    .addRecords(record("b").toBuilder().setOffsetDelta(7)))
            .build();
    topic.log(0).append(FakeBatches.withCrc(batch));
    try (Consumer consumer = builder().build()) {
      consumer.assign(T0);
      List<ConsumerRecord> records = pollRecords(consumer, 2);
      assertThat(records).extracting(ConsumerRecord::offset).containsExactly(4L, 7L);
      assertThat(records).extracting(ConsumerRecord::timestampMs).containsOnly(900L);
      assertThat(consumer.poll(Duration.ofMillis(20)).isEmpty()).isTrue();
      assertThat(consumer.position(T0)).isEqualTo(10);
    }
  }

  @Test
  void allPartitionsOfATopicAreReadInOrder() {
    fill(0, 0, 100);
    fill(1, 100, 200);
    try (Consumer consumer = builder().maxPollRecords(7).build()) {
      consumer.assign("t");
      List<String> values = poll(consumer, 200);
      assertThat(values.stream().filter(v -> Integer.parseInt(v) < 100)).isEqualTo(numbers(0, 100));
      assertThat(values.stream().filter(v -> Integer.parseInt(v) >= 100))
          .isEqualTo(numbers(100, 200));
      assertThat(consumer.position(T0)).isEqualTo(100);
      assertThat(consumer.highWatermark(T0)).isEqualTo(100);
    }
  }

  @Test
  void newRecordsArePushed() {
    try (Consumer consumer = builder().build()) {
      consumer.assign(T0);
      assertThat(consumer.poll(Duration.ofMillis(10)).isEmpty()).isTrue();
      fill(0, 0, 3);
      assertThat(poll(consumer, 3)).isEqualTo(numbers(0, 3));
    }
  }

  @Test
  void startsInTheMiddleOfABatch() {
    fill(0, 0, 30);
    try (Consumer consumer = builder().build()) {
      consumer.assign(T0);
      consumer.seek(T0, StartPosition.offset(10));
      assertThat(poll(consumer, 20)).isEqualTo(numbers(10, 30));
      consumer.seek(T0, StartPosition.timestamp(1_015));
      assertThat(poll(consumer, 15)).isEqualTo(numbers(15, 30));
      consumer.seek(T0, StartPosition.earliest());
      assertThat(poll(consumer, 30)).isEqualTo(numbers(0, 30));
    }
  }

  @Test
  void nothingOfAnOldPlaceComesAfterASeek() {
    fill(0, 0, 3_000);
    try (Consumer consumer = builder().maxPollRecords(5).build()) {
      consumer.assign(T0);
      assertThat(poll(consumer, 5)).hasSize(5);
      consumer.seek(T0, StartPosition.offset(2_000));
      assertThat(poll(consumer, 5).get(0)).isEqualTo("2000");
      assertThat(poll(consumer, 995)).isEqualTo(numbers(2_005, 3_000));
    }
  }

  @Test
  void latestIsPinnedBeforeTheStreamBegins() {
    fill(0, 0, 9);
    try (Consumer consumer = builder().startAt(StartPosition.latest()).build()) {
      consumer.assign(T0);
      assertThat(consumer.position(T0)).isEqualTo(9);
      broker.stop();
      fill(0, 9, 12);
      assertThat(consumer.poll(Duration.ofMillis(10)).isEmpty()).isTrue();
      broker.start();
      assertThat(poll(consumer, 3)).isEqualTo(numbers(9, 12));
    }
  }

  @Test
  void brokenStreamGoesOnWhereItStood() {
    broker.fetch.batchesPerFrame = 4; // The first frame alone has the ten records.
    fill(0, 0, 300);
    try (Consumer consumer = builder().maxPollRecords(10).build()) {
      consumer.assign(T0);
      List<String> values = new ArrayList<>(poll(consumer, 10));
      broker.breakCalls(io.grpc.Status.UNAVAILABLE);
      values.addAll(poll(consumer, 290));
      broker.fetch.drain();
      fill(0, 300, 330);
      values.addAll(poll(consumer, 30));
      assertThat(values).isEqualTo(numbers(0, 330));
    }
  }

  @Test
  void silentStreamIsReplaced() {
    ReadSettings settings =
        new ReadSettings(
            StartPosition.earliest().start,
            OffsetReset.NONE,
            10,
            1 << 20,
            1 << 20,
            true,
            "",
            LONG.toNanos(),
            100,
            Ticker.SYSTEM);
    try (Consumer consumer = new Consumer(ServerList.parse(broker.address()), true, settings)) {
      consumer.assign(T0);
      broker.fetch.silent = true;
      assertThat(consumer.poll(Duration.ofMillis(10)).isEmpty()).isTrue();
      await("a second stream", () -> broker.fetch.reads.size() > 1);
      broker.fetch.silent = false;
      fill(0, 0, 3);
      assertThat(poll(consumer, 3)).isEqualTo(numbers(0, 3));
    }
  }

  @Test
  void creditsComeBack() {
    synchronized (broker.topics) {
      for (int i = 0; i < 100; i++) {
        topic.log(0).append(FakeBatches.of(1, List.of(record("x".repeat(10_000)))));
      }
    }
    try (Consumer consumer = builder().prefetchBytes(64 << 10).build()) {
      consumer.assign(T0);
      assertThat(pollRecords(consumer, 100)).hasSize(100);
    }
  }

  @Test
  void offsetThatIsGoneIsTold() {
    fill(0, 0, 30);
    topic.log(0).start = 12;
    try (Consumer consumer = builder().build()) {
      consumer.assign(T0);
      consumer.seek(T0, StartPosition.offset(5));
      assertThatThrownBy(() -> consumer.poll(LONG))
          .isInstanceOfSatisfying(
              OffsetOutOfRangeException.class,
              e -> {
                assertThat(e.topicPartition()).isEqualTo(T0);
                assertThat(e.offset()).isEqualTo(5);
                assertThat(e.logStartOffset()).isEqualTo(12);
                assertThat(e.highWatermark()).isEqualTo(30);
              });
      consumer.seek(T0, StartPosition.earliest());
      assertThat(poll(consumer, 18)).isEqualTo(numbers(12, 30));
    }
  }

  @Test
  void offsetThatIsGoneIsResetWhereAsked() {
    fill(0, 0, 30);
    topic.log(0).start = 12;
    try (Consumer consumer = builder().offsetReset(OffsetReset.EARLIEST).build()) {
      consumer.assign(T0);
      consumer.seek(T0, StartPosition.offset(5));
      assertThat(poll(consumer, 18)).isEqualTo(numbers(12, 30));
      consumer.seek(T0, StartPosition.offset(99));
      assertThat(poll(consumer, 18)).isEqualTo(numbers(12, 30));
    }
  }

  @Test
  void unknownTopicAndPartitionAreTold() {
    try (Consumer consumer = builder().build()) {
      assertThatThrownBy(() -> consumer.assign("none")).isInstanceOf(UnknownTopicException.class);
      consumer.assign(new TopicPartition("t", 7));
      assertThatThrownBy(() -> consumer.poll(LONG))
          .isInstanceOfSatisfying(
              UnknownTopicException.class,
              e -> assertThat(e.reason()).isEqualTo(ErrorReason.UNKNOWN_PARTITION));
      assertThatThrownBy(() -> consumer.seek(T0, StartPosition.latest()))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void damagedBatchIsToldAfterWhatCameBefore() {
    fill(0, 0, 6);
    RecordBatch damaged = FakeBatches.of(1, List.of(record("x"))).toBuilder().setCrc32C(1).build();
    topic.log(0).append(damaged);
    fill(0, 7, 10);
    try (Consumer consumer = builder().build()) {
      consumer.assign(T0);
      assertThat(poll(consumer, 6)).isEqualTo(numbers(0, 6));
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> consumer.poll(LONG))
            .isInstanceOfSatisfying(
                CorruptBatchException.class, e -> assertThat(e.baseOffset()).isEqualTo(6));
      }
      consumer.seek(T0, StartPosition.offset(7));
      assertThat(poll(consumer, 3)).isEqualTo(numbers(7, 10));
    }
    try (Consumer consumer = builder().checkCrc(false).build()) {
      consumer.assign(T0);
      assertThat(poll(consumer, 10)).hasSize(10);
    }
  }

  @Test
  void viewsReadTheSameRecords() {
    fill(0, 0, 30);
    try (Consumer consumer = builder().maxPollRecords(4).build()) {
      consumer.assign(T0);
      assertThat(poll(consumer, 4)).isEqualTo(numbers(0, 4));
      List<String> values = new ArrayList<>();
      List<Long> offsets = new ArrayList<>();
      await(
          "26 records",
          () -> {
            for (BatchView batch : consumer.pollBatches(Duration.ofMillis(100))) {
              while (batch.next()) {
                ByteBuffer value = batch.value();
                assertThat(value.remaining()).isEqualTo(batch.valueLength());
                assertThat(batch.key()).isNull();
                values.add(StandardCharsets.UTF_8.decode(value).toString());
                offsets.add(batch.offset());
              }
            }
            return values.size() >= 26;
          });
      assertThat(values).isEqualTo(numbers(4, 30));
      assertThat(offsets).isEqualTo(IntStream.range(4, 30).mapToObj(i -> (long) i).toList());
      assertThat(consumer.position(T0)).isEqualTo(30);
    }
  }

  @Test
  void assignmentKeepsThePlacesOfThoseThatStay() {
    fill(0, 0, 30);
    fill(1, 100, 130);
    try (Consumer consumer = builder().maxPollRecords(6).build()) {
      consumer.assign(T0);
      assertThat(poll(consumer, 6)).isEqualTo(numbers(0, 6));
      consumer.assign(T0, new TopicPartition("t", 1));
      List<String> values = poll(consumer, 54);
      assertThat(values.stream().filter(v -> Integer.parseInt(v) < 100)).isEqualTo(numbers(6, 30));
      consumer.assign(List.of());
      assertThat(consumer.poll(Duration.ofMillis(10)).isEmpty()).isTrue();
    }
  }

  @Test
  void wakeupEndsAPoll() {
    try (Consumer consumer = builder().build()) {
      consumer.assign(T0);
      consumer.wakeup();
      assertThat(consumer.poll(Duration.ofDays(1)).isEmpty()).isTrue();
    }
  }

  @Test
  void closedConsumerSaysSo() {
    Consumer consumer = builder().build();
    consumer.assign(T0);
    consumer.close();
    consumer.close();
    assertThatThrownBy(() -> consumer.poll(LONG)).isInstanceOf(ClientClosedException.class);
    assertThatThrownBy(() -> consumer.assign("t")).isInstanceOf(ClientClosedException.class);
  }
}
