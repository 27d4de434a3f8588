package io.funes.client.internal.transport;

import io.funes.client.CallTimeoutException;
import io.funes.client.FunesException;
import java.util.concurrent.TimeUnit;

/** The tries of one call: how long each may take, and whether another one follows. */
final class Attempts {
  /** A try that had less time than this and ran out of it tells nothing. */
  private static final long TELLING_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Ticker ticker;
  private final long deadlineNanos;
  private final Backoff backoff = new Backoff();
  private long leftNanos;
  private FunesException before;

  Attempts(Ticker ticker, long timeoutNanos) {
    this.ticker = ticker;
    this.deadlineNanos = ticker.nanos() + timeoutNanos;
  }

  /** The time of the next try, which is never none. */
  long nextNanos() {
    leftNanos = Math.max(deadlineNanos - ticker.nanos(), 1);
    return leftNanos;
  }

  /** How long to wait before the next try; throws why the call has failed where there is none. */
  long failed(FunesException failure) {
    if (before != null && failure instanceof CallTimeoutException && leftNanos < TELLING_NANOS) {
      throw before;
    }
    long waitMs = Math.max(backoff.nextMs(), Failures.retryDelayMs(failure));
    long remainingNanos = deadlineNanos - ticker.nanos();
    if (!failure.isRetriable() || remainingNanos < TimeUnit.MILLISECONDS.toNanos(waitMs)) {
      throw failure;
    }
    before = failure;
    return waitMs;
  }
}
