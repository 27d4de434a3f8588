package io.funes.client.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.client.CallTimeoutException;
import io.funes.client.ErrorReason;
import io.funes.client.Failure;
import io.funes.client.FunesException;
import io.funes.client.UnavailableException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A call of two seconds. */
class AttemptsTest {
  private final FunesException unavailable =
      new UnavailableException(
          new Failure(ErrorReason.BROKER_UNAVAILABLE, "refused", true, null), Duration.ZERO);
  private final FunesException timeout =
      new CallTimeoutException(new Failure(ErrorReason.DEADLINE_PASSED, "too late", false, null));

  private long nowMs = 5_000;

  private final Attempts attempts =
      new Attempts(
          new Ticker() {
            @Override
            public long nanos() {
              return TimeUnit.MILLISECONDS.toNanos(nowMs);
            }

            @Override
            public long epochMs() {
              return nowMs;
            }
          },
          TimeUnit.SECONDS.toNanos(2));

  private long nextMs() {
    return TimeUnit.NANOSECONDS.toMillis(attempts.nextNanos());
  }

  @Test
  void eachTryHasTheTimeThatIsLeft() {
    assertThat(nextMs()).isEqualTo(2_000);

    nowMs += 300;
    assertThat(attempts.failed(unavailable)).isBetween(1L, 20L);
    nowMs += 20;

    assertThat(nextMs()).isEqualTo(1_680);
  }

  @Test
  void theLastFailureIsThrownWhereNoTimeIsLeftToWaitForAnotherTry() {
    attempts.nextNanos();
    nowMs += 2_000;

    assertThatThrownBy(() -> attempts.failed(unavailable)).isSameAs(unavailable);
  }

  /** The wait before it may take longer than it should. */
  @Test
  void aTryThatHadNoTimeDoesNotHideWhyTheOthersFailed() {
    attempts.nextNanos();
    nowMs += 1_950;
    assertThat(attempts.failed(unavailable)).isPositive();
    nowMs += 50;
    assertThat(attempts.nextNanos()).isEqualTo(1);

    assertThatThrownBy(() -> attempts.failed(timeout)).isSameAs(unavailable);
  }

  /** It may have been carried out. */
  @Test
  void aTryThatHadItsTimeIsATimeout() {
    attempts.nextNanos();
    nowMs += 500;
    assertThat(attempts.failed(unavailable)).isPositive();
    attempts.nextNanos();
    nowMs += 1_500;

    assertThatThrownBy(() -> attempts.failed(timeout)).isSameAs(timeout);
  }
}
