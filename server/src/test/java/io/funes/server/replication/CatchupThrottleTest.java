package io.funes.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.testing.ManualScheduler;
import org.junit.jupiter.api.Test;

class CatchupThrottleTest {
  private final ManualScheduler time = new ManualScheduler();
  private final CatchupThrottle throttle = new CatchupThrottle(time);

  @Test
  void aSecondsWorthGoesAtOnceAndTheRestAtTheRate() {
    throttle.limit(1_000);
    throttle.sent(1_000);

    assertThat(throttle.delayNanos()).isPositive();
    time.advanceMs(1);
    assertThat(throttle.delayNanos()).isZero();
  }

  @Test
  void largeFramePassesAndIsPaidForAfterwards() {
    throttle.limit(1_000);
    assertThat(throttle.delayNanos()).isZero();
    throttle.sent(3_000);

    time.advanceMs(1_999);
    assertThat(throttle.delayNanos()).isPositive();
    time.advanceMs(2);
    assertThat(throttle.delayNanos()).isZero();
  }

  @Test
  void idleTimeIsNotSavedUp() {
    throttle.limit(1_000);
    time.advanceMs(60_000);
    throttle.sent(1_500);

    assertThat(throttle.delayNanos()).isPositive();
  }

  @Test
  void withoutALimitNothingIsHeldBack() {
    assertThat(throttle.limited()).isFalse();
    throttle.limit(5);
    throttle.limit(0);
    assertThat(throttle.limited()).isFalse();
  }
}
