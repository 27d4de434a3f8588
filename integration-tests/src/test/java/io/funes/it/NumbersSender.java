package io.funes.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.client.FunesException;
import io.funes.client.Producer;
import io.funes.client.ProducerRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Sends 0, 1, 2, ... for each of ten keys in turn, until it is stopped, on a thread of its own. */
final class NumbersSender implements AutoCloseable {
  private static final int KEYS = 10;
  private static final int PENDING_MAX = 2_000;
  private static final long TIMEOUT_SECONDS = 120;

  private final Producer producer;
  private final String topic;
  private final Semaphore mayPend;
  private final Semaphore acknowledged = new Semaphore(0);
  private final Map<String, String> positions = new ConcurrentHashMap<>();
  private final List<FunesException> failures = new CopyOnWriteArrayList<>();
  private final Thread thread = Thread.ofPlatform().name("numbers-sender").unstarted(this::send);
  private volatile boolean stopping;
  private long sent;

  NumbersSender(Producer producer, String topic) {
    this(producer, topic, PENDING_MAX);
  }

  /**
   * As slow as the producer's answers make it.
   *
   * @param pendingMax records without an answer
   */
  NumbersSender(Producer producer, String topic, int pendingMax) {
    this.producer = producer;
    this.topic = topic;
    this.mayPend = new Semaphore(pendingMax);
    thread.start();
  }

  private void send() {
    while (!stopping) {
      mayPend.acquireUninterruptibly();
      String key = "key" + sent % KEYS;
      String number = String.valueOf(sent / KEYS);
      sent++;
      producer.send(
          ProducerRecord.to(topic).key(key).value(number).build(),
          (position, error) -> {
            mayPend.release();
            if (error != null) {
              failures.add(error);
              return;
            }
            if (position.offset() >= 0) {
              positions.put(
                  position.topicPartition() + "@" + position.offset(), key + "=" + number);
            }
            acknowledged.release();
          });
    }
  }

  /** Waits until so many more records have been acknowledged than at the call before. */
  void awaitAcknowledgedMore(int count) {
    try {
      assertThat(acknowledged.tryAcquire(count, TIMEOUT_SECONDS, TimeUnit.SECONDS))
          .as("%d more acknowledged in time; failures: %s", count, failures)
          .isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sends no more, and returns when all is answered. */
  void stop() {
    close();
    producer.flush();
  }

  @Override
  public void close() {
    stopping = true;
    mayPend.release(); // It may wait for a broker that is not there.
    try {
      assertThat(thread.join(Duration.ofSeconds(TIMEOUT_SECONDS))).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Once stopped: how many records were sent. */
  long sent() {
    return sent;
  }

  /**
   * Once stopped: "topic-partition@offset" to "key=number" of what was acknowledged with a place.
   */
  Map<String, String> positions() {
    return positions;
  }

  List<FunesException> failures() {
    return failures;
  }
}
