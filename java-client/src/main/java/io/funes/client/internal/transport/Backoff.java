package io.funes.client.internal.transport;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Waits that double from 20 ms to 1 s, each shortened by up to a third so that clients do not come
 * in step.
 */
public final class Backoff {
  private static final long FIRST_MS = 20;
  private static final long LAST_MS = 1_000;

  private long nextMs = FIRST_MS;

  public long nextMs() {
    long ms = nextMs;
    nextMs = Math.min(2 * ms, LAST_MS);
    return ms - ThreadLocalRandom.current().nextLong(ms / 3 + 1);
  }

  public void reset() {
    nextMs = FIRST_MS;
  }
}
