package io.funes.client;

import static io.funes.client.ClientFixture.LONG;
import static io.funes.client.ClientFixture.await;
import static io.funes.client.ClientFixture.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.proto.v1.ErrorReason;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Topics that are unknown, new, made anew or grown while a producer is at work. */
final class ProducerFindsTopicsTest {
  private final FakeBroker broker = new FakeBroker();
  private final FakeTopic topic = broker.topic("t", 3);

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void topicMadeAnewIsFoundByItsName() throws Exception {
    try (Producer producer = broker.producer().build()) {
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
    try (Producer producer = broker.producer().build()) {
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
  void memoryComesBackFromSendsThatWaitedForItWhenTheTopicWentAway() {
    byte[] mostOfTheBuffer = new byte[3 << 20];
    broker.topic("u", 1);
    broker.produce.holdAnswers = true;
    try (Producer producer = broker.producer().bufferBytes(4 << 20).maxBlock(LONG).build()) {
      ProducerRecord large = ProducerRecord.to("t").partition(0).value(mostOfTheBuffer).build();
      broker.produce.refuse =
          request ->
              request.getTopic().equals("t")
                  ? Refusals.status(ErrorReason.ERROR_REASON_UNKNOWN_TOPIC, "deleted")
                  : null;
      producer.send(large, null);
      Thread second = new Thread(() -> producer.send(large, null));
      second.setUncaughtExceptionHandler((thread, expected) -> {});
      second.start();
      await("its wait", () -> second.getState() == Thread.State.TIMED_WAITING);
      synchronized (broker.topics) {
        broker.topics.remove("t");
      }
      broker.produce.release();
      await("its end", () -> !second.isAlive());

      ProducerRecord other = ProducerRecord.to("u").partition(0).value(mostOfTheBuffer).build();
      assertThat(producer.send(other).orTimeout(20, TimeUnit.SECONDS).join().offset()).isZero();
    }
  }

  @Test
  void unknownTopicAndPartitionAreToldAtOnce() {
    try (Producer producer = broker.producer().build()) {
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
    try (Producer producer = broker.producer().deliveryTimeout(LONG).build()) {
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

  @Test
  void newPartitionIsFoundWhenNamed() {
    try (Producer producer = broker.producer().build()) {
      producer.send(record("t", 0, "a")).join();
      synchronized (broker.topics) {
        topic.grow(5);
      }
      assertThat(producer.send(record("t", 4, "b")).join().partition()).isEqualTo(4);
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
}
