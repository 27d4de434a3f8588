package io.funes.server.testing;

import io.funes.server.common.Scheduler;
import io.funes.server.common.Ticker;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.Queue;

/** A clock that stands still until a test moves it, and the work that waits for it. One thread. */
public final class ManualScheduler implements Scheduler, Ticker {
  private final Queue<Runnable> ready = new ArrayDeque<>();
  private final PriorityQueue<Delayed> delayed = new PriorityQueue<>();
  private long nanos;
  private long epochMs = 1_700_000_000_000L;
  private long scheduled;

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public long epochMs() {
    return epochMs;
  }

  /** Moves time and runs what has become due, in order. */
  public void advanceMs(long ms) {
    nanos += ms * 1_000_000;
    epochMs += ms;
    runReady();
  }

  /** Drops all work, as the death of a process does. */
  public void clear() {
    ready.clear();
    delayed.clear();
  }

  /** Runs what is due, and what that makes due. */
  public void runReady() {
    while (true) {
      Runnable task = ready.poll();
      if (task == null && !delayed.isEmpty() && delayed.peek().atNanos <= nanos) {
        task = delayed.poll().task;
      }
      if (task == null) {
        return;
      }
      task.run();
    }
  }

  @Override
  public void execute(Runnable task) {
    ready.add(task);
  }

  @Override
  public Cancellable schedule(Runnable task, long delayNanos) {
    Delayed entry = new Delayed(nanos + delayNanos, scheduled++, task);
    delayed.add(entry);
    return () -> delayed.remove(entry);
  }

  @Override
  public Cancellable every(long periodNanos, Runnable task) {
    boolean[] cancelled = new boolean[1];
    schedule(() -> repeat(periodNanos, task, cancelled), periodNanos);
    return () -> cancelled[0] = true;
  }

  private void repeat(long periodNanos, Runnable task, boolean[] cancelled) {
    if (!cancelled[0]) {
      task.run();
      schedule(() -> repeat(periodNanos, task, cancelled), periodNanos);
    }
  }

  private record Delayed(long atNanos, long number, Runnable task) implements Comparable<Delayed> {
    @Override
    public int compareTo(Delayed other) {
      int order = Long.compare(atNanos, other.atNanos);
      return order != 0 ? order : Long.compare(number, other.number);
    }
  }
}
