package io.funes.server.replication;

import io.funes.server.common.Scheduler;
import io.funes.server.common.Ticker;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The one clock and the one queue of events of a simulated cluster. Whatever happens later happens
 * after a random while, so another seed gives another order.
 */
final class SimulatedTime implements Ticker {
  private final Random random;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long nanos;
  private long scheduled;

  private record Event(long atNanos, long number, Runnable task) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int order = Long.compare(atNanos, other.atNanos);
      return order != 0 ? order : Long.compare(number, other.number);
    }
  }

  SimulatedTime(Random random) {
    this.random = random;
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public long epochMs() {
    return 1_700_000_000_000L + TimeUnit.NANOSECONDS.toMillis(nanos);
  }

  void at(long atNanos, Runnable task) {
    events.add(new Event(Math.max(atNanos, nanos), scheduled++, task));
  }

  void in(long delayNanos, Runnable task) {
    at(nanos + delayNanos, task);
  }

  /** After up to so many microseconds. */
  void soon(int microsMax, Runnable task) {
    in(random.nextInt(microsMax * 1_000), task);
  }

  /** Lets the next event happen; false where none is left before {@code endNanos}. */
  boolean step(long endNanos) {
    if (events.isEmpty() || events.peek().atNanos > endNanos) {
      nanos = Math.max(nanos, endNanos);
      return false;
    }
    Event event = events.poll();
    nanos = event.atNanos;
    event.task.run();
    return true;
  }

  /**
   * The threads of a process: its work is dropped when it is dead, and waits while it is paused.
   */
  Scheduler process(BooleanSupplier alive, BooleanSupplier paused) {
    return new Threads(alive, paused);
  }

  private final class Threads implements Scheduler {
    private final BooleanSupplier alive;
    private final BooleanSupplier paused;

    Threads(BooleanSupplier alive, BooleanSupplier paused) {
      this.alive = alive;
      this.paused = paused;
    }

    @Override
    public void execute(Runnable task) {
      soon(50, () -> run(task));
    }

    private void run(Runnable task) {
      if (!alive.getAsBoolean()) {
        return;
      }
      if (paused.getAsBoolean()) {
        soon(20_000, () -> run(task));
        return;
      }
      task.run();
    }

    @Override
    public Cancellable schedule(Runnable task, long delayNanos) {
      boolean[] cancelled = new boolean[1];
      in(
          delayNanos,
          () ->
              run(() -> {
                if (!cancelled[0]) {
                  task.run();
                }
              }));
      return () -> cancelled[0] = true;
    }

    @Override
    public Cancellable every(long periodNanos, Runnable task) {
      boolean[] cancelled = new boolean[1];
      repeat(periodNanos, task, cancelled);
      return () -> cancelled[0] = true;
    }

    private void repeat(long periodNanos, Runnable task, boolean[] cancelled) {
      schedule(
          () -> {
            if (!cancelled[0]) {
              task.run();
              repeat(periodNanos, task, cancelled);
            }
          },
          periodNanos);
    }
  }
}
