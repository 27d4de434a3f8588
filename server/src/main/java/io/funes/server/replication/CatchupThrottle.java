package io.funes.server.replication;

import io.funes.server.common.Ticker;
import java.util.concurrent.TimeUnit;

/**
 * A token bucket for what this broker sends to replicas that are not in sync, all together, so that
 * copies leave room for clients and for the replicas that are. It lets a frame go while anything is
 * left and may be in debt after it, so frames of any size pass. It holds at most one second's
 * worth.
 */
final class CatchupThrottle {
  private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Ticker ticker;
  private volatile long bytesPerSecond;
  private double left;
  private long filledNanos;

  /** Holds nothing back at first. */
  CatchupThrottle(Ticker ticker) {
    this.ticker = ticker;
  }

  /** Sets the rate; 0 for none. */
  synchronized void limit(long newBytesPerSecond) {
    bytesPerSecond = newBytesPerSecond;
    left = newBytesPerSecond;
    filledNanos = ticker.nanos();
  }

  boolean limited() {
    return bytesPerSecond > 0;
  }

  /** How long to wait before the next frame; 0 where it may go now. */
  synchronized long delayNanos() {
    fill();
    return left > 0 ? 0 : (long) (-left / bytesPerSecond * SECOND_NANOS) + 1;
  }

  /** A frame has gone. */
  synchronized void sent(long bytes) {
    fill();
    left -= bytes;
  }

  private void fill() {
    long now = ticker.nanos();
    double earned = (double) (now - filledNanos) / SECOND_NANOS * (double) bytesPerSecond;
    left = Math.min((double) bytesPerSecond, left + earned);
    filledNanos = now;
  }
}
