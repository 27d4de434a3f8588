package io.funes.server.common;

/** A point on a {@link Ticker}'s scale after which nobody waits. */
public record Deadline(long atNanos) {
  /** About 146 years ahead of any ticker: far, and safe to subtract. */
  private static final long FAR_NANOS = Long.MAX_VALUE / 2;

  public static Deadline after(long nanos, Ticker ticker) {
    return new Deadline(ticker.nanos() + Math.min(nanos, FAR_NANOS));
  }

  public static Deadline never(Ticker ticker) {
    return after(FAR_NANOS, ticker);
  }

  public boolean passedAt(long nowNanos) {
    return nowNanos - atNanos >= 0;
  }

  public long remainingNanos(long nowNanos) {
    return Math.max(0, atNanos - nowNanos);
  }

  public Deadline earlier(Deadline other) {
    return atNanos - other.atNanos <= 0 ? this : other;
  }
}
