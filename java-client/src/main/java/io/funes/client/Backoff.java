package io.funes.client;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Waits that double from 20 ms to 1 s, each shortened by up to a third so that clients do not come
 * in step.
 */
final class Backoff {
  private static final long FIRST_MS = 20;
  private static final long LAST_MS = 1_000;

  private long nextMs = FIRST_MS;

  long nextMs() {
    long ms = nextMs;
    nextMs = Math.min(2 * ms, LAST_MS);
    return ms - ThreadLocalRandom.current().nextLong(ms / 3 + 1);
  }

  void reset() {
    nextMs = FIRST_MS;
  }
}
