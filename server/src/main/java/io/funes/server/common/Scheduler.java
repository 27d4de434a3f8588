package io.funes.server.common;

import java.util.concurrent.Executor;

/**
 * Runs work later. The broker gives one made of threads, the simulation one made of a queue and a
 * fake ticker.
 */
public interface Scheduler extends Executor {
  /** Runs {@code task} once, {@code delayNanos} from now, unless cancelled before. */
  Cancellable schedule(Runnable task, long delayNanos);

  /** Runs {@code task} again and again, {@code periodNanos} after it last ended. */
  Cancellable every(long periodNanos, Runnable task);

  /** A task that can be called off. */
  interface Cancellable {
    void cancel();
  }
}
