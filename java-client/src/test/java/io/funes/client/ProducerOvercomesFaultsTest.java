package io.funes.client;

import static io.funes.client.ClientFixture.await;
import static io.funes.client.ClientFixture.numbers;
import static io.funes.client.ClientFixture.record;
import static io.funes.client.ClientFixture.sendNumbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.proto.v1.ErrorReason;
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

/** Lost answers, refusals, and a broker that is gone or forgetful. */
final class ProducerOvercomesFaultsTest {
  private final FakeBroker broker = new FakeBroker();
  private final FakeTopic topic = broker.topic("t", 3);

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void lostAnswersGiveNoDuplicates() {
    broker.produce.dropAnswers = true;
    try (Producer producer = broker.producer().batchBytes(1024).build()) {
      List<CompletableFuture<RecordPosition>> sent = sendNumbers(producer, 2_000);
      await("five batches", () -> broker.produce.receivedCount() == 5);
      broker.produce.dropAnswers = false;
      broker.breakCalls(io.grpc.Status.UNAVAILABLE);
      producer.flush();
      assertThat(sent.get(1_999).join().offset()).isEqualTo(1_999);
    }
    assertThat(topic.log(0).values()).isEqualTo(numbers(0, 2_000));
  }

  @Test
  void brokerThatStopsAndStartsIsFoundAgain() {
    try (Producer producer = broker.producer().batchBytes(1024).build()) {
      sendNumbers(producer, 10);
      producer.flush();
      broker.stop();
      List<CompletableFuture<RecordPosition>> sent = new ArrayList<>();
      IntStream.range(10, 1_000)
          .forEach(i -> sent.add(producer.send(record("t", 0, Integer.toString(i)))));
      broker.start();
      assertThat(sent).allSatisfy(f -> f.get(20, TimeUnit.SECONDS));
    }
    assertThat(topic.log(0).values()).isEqualTo(numbers(0, 1_000));
  }

  @Test
  void passingRefusalsKeepTheOrder() {
    AtomicInteger count = new AtomicInteger();
    broker.produce.refuse =
        request ->
            count.incrementAndGet() % 3 == 0
                ? Refusals.status(ErrorReason.ERROR_REASON_NOT_ENOUGH_REPLICAS, "few")
                : null;
    try (Producer producer = broker.producer().batchBytes(1024).build()) {
      List<CompletableFuture<RecordPosition>> sent = sendNumbers(producer, 1_000);
      assertThat(sent).allSatisfy(f -> f.get(20, TimeUnit.SECONDS));
    }
    assertThat(topic.log(0).values()).isEqualTo(numbers(0, 1_000));
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
    try (Producer producer = broker.producer().build()) {
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
    try (Producer producer = broker.producer().batchBytes(1024).build()) {
      for (String n : numbers(0, 2_000)) {
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
    List<String> expected = new ArrayList<>(numbers(0, 2_000));
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
    try (Producer producer = broker.producer().lingerMs(60_000).build()) {
      for (String value : numbers(0, 3)) {
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
    try (Producer producer = broker.producer().deliveryTimeout(Duration.ofMillis(300)).build()) {
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
    try (Producer producer = broker.producer().build()) {
      producer.send(record("t", 0, "a")).get(20, TimeUnit.SECONDS);
      synchronized (broker.topics) {
        topic.log(0).lastOfProducer.clear();
      }
      assertThat(producer.send(record("t", 0, "b")).get(20, TimeUnit.SECONDS).offset())
          .isEqualTo(1);
    }
  }
}
