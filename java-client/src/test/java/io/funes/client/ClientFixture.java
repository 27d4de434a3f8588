package io.funes.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.client.internal.transport.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** What the tests of this package share. */
final class ClientFixture {
  static final Duration LONG = Duration.ofSeconds(20);

  private ClientFixture() {}

  /** Waits until something is so; fails when it never is. */
  static void await(String what, BooleanSupplier condition) {
    long deadline = Ticker.SYSTEM.nanos() + LONG.toNanos();
    boolean so = condition.getAsBoolean();
    while (!so && Ticker.SYSTEM.nanos() - deadline < 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      so = condition.getAsBoolean();
    }
    assertThat(so).as(what).isTrue();
  }

  /** As texts. */
  static List<String> numbers(int from, int to) {
    return IntStream.range(from, to).mapToObj(Integer::toString).toList();
  }

  /** Each as a record of partition 0 of topic "t". */
  static List<CompletableFuture<RecordPosition>> sendNumbers(Producer producer, int count) {
    return numbers(0, count).stream().map(n -> producer.send(record("t", 0, n))).toList();
  }

  static ProducerRecord record(String topic, int partition, String value) {
    return ProducerRecord.to(topic).partition(partition).value(value).build();
  }
}
