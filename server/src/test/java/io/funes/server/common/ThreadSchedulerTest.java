package io.funes.server.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ThreadSchedulerTest {
  private final ThreadScheduler scheduler = new ThreadScheduler("test", 1);
  private final AtomicInteger runs = new AtomicInteger();

  /** While a broker stops, commands are still applied that leave work for later. */
  @Test
  void whatComesAfterTheCloseIsDroppedAndNobodyFailsForIt() {
    scheduler.close();

    scheduler.execute(runs::incrementAndGet);
    scheduler.schedule(runs::incrementAndGet, 0).cancel();
    scheduler.every(1, runs::incrementAndGet).cancel();

    assertThat(runs).hasValue(0);
  }
}
