package io.funes.bench.workload;

import io.funes.bench.system.Acknowledgements;

/** Also notes the longest time between two acknowledgements. */
final class AckTimes extends Acknowledgements {
  private long last = System.nanoTime();
  private long longest;
  private long count;

  @Override
  public synchronized void add(int records) {
    super.add(records);
    long now = System.nanoTime();
    longest = Math.max(longest, now - last);
    last = now;
    count += records;
  }

  /** Forgets what was; the time since the last acknowledgement counts. */
  synchronized void begin() {
    longest = 0;
    count = 0;
  }

  /** Since {@link #begin}. */
  synchronized long count() {
    return count;
  }

  /** Since {@link #begin}. */
  synchronized long longestNanos() {
    return longest;
  }
}
