package io.funes.bench.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;

/**
 * A fixed piece of work on every processor at once, which takes longer when something else runs.
 */
public final class Calibration {
  private static final int ROUNDS = 24;
  private static final int SPINS = 4_000_000;
  private static final int COPY_BYTES = 16 << 20;

  // Without a use of its result the work would be optimized away.
  private final LongAdder results = new LongAdder();

  public Calibration() {
    seconds(); // compiles the loop
  }

  /** The time of the slowest processor. */
  public double seconds() {
    int processors = Runtime.getRuntime().availableProcessors();
    CountDownLatch ended = new CountDownLatch(processors);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < processors; i++) {
      threads.add(Thread.ofPlatform().unstarted(() -> work(ended)));
    }
    long start = System.nanoTime();
    threads.forEach(Thread::start);
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private void work(CountDownLatch ended) {
    byte[] from = new byte[COPY_BYTES];
    byte[] to = new byte[COPY_BYTES];
    long state = 1;
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < SPINS; i++) {
        state ^= state << 13;
        state ^= state >>> 7;
        state ^= state << 17;
      }
      System.arraycopy(from, 0, to, 0, COPY_BYTES);
    }
    results.add(state + to[(int) (state & 0xff)]);
    ended.countDown();
  }
}
