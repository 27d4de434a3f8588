package io.funes.client;

import static io.funes.client.ClientFixture.LONG;
import static io.funes.client.ClientFixture.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.Record;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AppendAtTest {
  private final FakeBroker broker = new FakeBroker();
  private final FakeTopic topic = broker.topic("t", 2);

  @AfterEach
  void stop() {
    broker.close();
  }

  private Producer.Builder builder() {
    return Producer.builder().server(broker.address()).deliveryTimeout(LONG);
  }

  @Test
  void recordIsWrittenWhereItIsExpected() {
    try (Producer producer = builder().build()) {
      ProducerRecord full =
          ProducerRecord.to("t")
              .partition(1)
              .key("k")
              .value("v")
              .timestampMs(7)
              .header("a", "1")
              .header("b", (byte[]) null)
              .build();

      assertThat(producer.appendAt(full, 0))
          .isEqualTo(new RecordPosition(new TopicPartition("t", 1), 0));
      assertThat(producer.appendAt(ProducerRecord.to("t").partition(1).build(), 1).offset())
          .isEqualTo(1);
    }
    Record written = topic.log(1).batches.get(0).getRecords().getRecords(0);
    assertThat(written.getKey().toStringUtf8() + written.getValue().toStringUtf8()).isEqualTo("kv");
    assertThat(written.getTimestampMs()).isEqualTo(7);
    assertThat(written.getHeaders(0).getValue().toStringUtf8()).isEqualTo("1");
    assertThat(written.getHeaders(1).hasValue()).isFalse();
    Record empty = topic.log(1).batches.get(1).getRecords().getRecords(0);
    assertThat(empty.hasKey() || empty.hasValue() || empty.hasTimestampMs()).isFalse();
  }

  @Test
  void elsewhereNothingIsWrittenAndTheEndIsTold() {
    try (Producer producer = builder().build()) {
      producer.send(record("t", 0, "other")).join();

      assertThatThrownBy(() -> producer.appendAt(record("t", 0, "mine"), 0))
          .isInstanceOfSatisfying(
              OffsetMismatchException.class, e -> assertThat(e.logEndOffset()).isEqualTo(1));
      assertThat(producer.appendAt(record("t", 0, "mine"), 1).offset()).isEqualTo(1);
    }
    assertThat(topic.log(0).values()).containsExactly("other", "mine");
  }

  @Test
  void repetitionOfALostAnswerTellsWhereTheRecordIs() {
    try (Producer producer = builder().build()) {
      broker.produce.loseAnswers.set(2);

      assertThat(producer.appendAt(record("t", 0, "a"), 0).offset()).isZero();
      assertThat(producer.appendAt(record("t", 0, "b"), 1).offset()).isEqualTo(1);
    }
    assertThat(topic.log(0).values()).containsExactly("a", "b");
  }

  @Test
  void withoutAnAnswerInTimeTheOutcomeIsUnknownAndTheNextCallIsNotTakenForARepetition() {
    try (Producer producer = builder().deliveryTimeout(Duration.ofMillis(200)).build()) {
      broker.produce.loseAnswers.set(Integer.MAX_VALUE);
      assertThatThrownBy(() -> producer.appendAt(record("t", 0, "a"), 0))
          .isInstanceOf(DeliveryTimeoutException.class);
      broker.produce.loseAnswers.set(0);

      assertThatThrownBy(() -> producer.appendAt(record("t", 0, "b"), 0))
          .isInstanceOf(OffsetMismatchException.class);
      assertThat(producer.appendAt(record("t", 0, "b"), 1).offset()).isEqualTo(1);
    }
    assertThat(topic.log(0).values()).containsExactly("a", "b");
  }

  @Test
  void withoutAcknowledgementsTheLeaderStillAnswers() {
    try (Producer producer = builder().acks(Acks.NONE).build()) {
      assertThat(producer.appendAt(record("t", 0, "a"), 0).offset()).isZero();
    }
    ProduceRequest request = broker.produce.received.get(0);
    assertThat(request.getAcks()).isEqualTo(io.funes.proto.v1.Acks.ACKS_LEADER);
  }

  @Test
  void wrongCallsAreRefused() {
    Producer producer = builder().build();
    ProducerRecord keyed = ProducerRecord.to("t").key("k").build();
    assertThatThrownBy(() -> producer.appendAt(keyed, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("partition");
    assertThatThrownBy(() -> producer.appendAt(record("t", 0, "a"), -1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> producer.appendAt(record("t", 0, "x".repeat(5 << 20)), 0))
        .isInstanceOf(RecordRefusedException.class);
    assertThatThrownBy(() -> producer.appendAt(record("none", 0, "a"), 0))
        .isInstanceOf(UnknownTopicException.class);
    broker.produce.holdAnswers = true; // Or the callback could run here.
    CompletableFuture<?> inCallback =
        producer
            .send(record("t", 0, "a"))
            .thenApply(position -> producer.appendAt(record("t", 0, "b"), 1));
    broker.produce.release();
    assertThatThrownBy(inCallback::join).hasCauseInstanceOf(IllegalStateException.class);
    producer.close();
    assertThatThrownBy(() -> producer.appendAt(record("t", 0, "a"), 0))
        .isInstanceOf(ClientClosedException.class);
  }
}
