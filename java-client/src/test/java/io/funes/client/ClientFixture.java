package io.funes.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.client.internal.transport.Ticker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

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

  static ProducerRecord record(String topic, int partition, String value) {
    return ProducerRecord.to(topic).partition(partition).value(value).build();
  }
}
