package io.funes.server.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ThreadSchedulerTest {
  private final ThreadScheduler scheduler = new ThreadScheduler("test", 1);
  private final AtomicInteger runs = new AtomicInteger();

  @AfterEach
  void close() {
    scheduler.close();
  }

  /** While a broker stops, commands are still applied that leave work for later. */
  @Test
  void whatComesAfterTheCloseIsDroppedAndNobodyFailsForIt() {
    scheduler.close();

    scheduler.execute(runs::incrementAndGet);
    scheduler.schedule(runs::incrementAndGet, 0).cancel();
    scheduler.every(1, runs::incrementAndGet).cancel();

    assertThat(runs).hasValue(0);
  }

  /** The look at the disk, the controller's tick: without it the broker would go on half alive. */
  @Test
  void whatRunsAgainAndAgainDoesSoAfterAnError() throws InterruptedException {
    CountDownLatch ran = new CountDownLatch(3);

    scheduler.every(
        1_000,
        () -> {
          ran.countDown();
          throw new StackOverflowError("each time");
        });

    assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
  }
}
