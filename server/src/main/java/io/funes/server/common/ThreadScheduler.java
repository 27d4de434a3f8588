package io.funes.server.common;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A scheduler made of daemon threads. A task that throws is reported and does not stop later runs
 * of it.
 */
public final class ThreadScheduler implements Scheduler, AutoCloseable {
  private final ScheduledThreadPoolExecutor pool;

  public ThreadScheduler(String name, int threads) {
    AtomicInteger number = new AtomicInteger();
    pool =
        new ScheduledThreadPoolExecutor(
            threads,
            task -> {
              Thread thread = new Thread(task, name + "-" + number.getAndIncrement());
              thread.setDaemon(true);
              return thread;
            });
    pool.setRemoveOnCancelPolicy(true);
    // What comes after the close is dropped, as what was delayed is: callers may not fail for it.
    pool.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
  }

  @Override
  public void execute(Runnable task) {
    pool.execute(reporting(task));
  }

  @Override
  public Cancellable schedule(Runnable task, long delayNanos) {
    return cancellable(pool.schedule(reporting(task), delayNanos, TimeUnit.NANOSECONDS));
  }

  @Override
  public Cancellable every(long periodNanos, Runnable task) {
    return cancellable(
        pool.scheduleWithFixedDelay(
            reporting(task), periodNanos, periodNanos, TimeUnit.NANOSECONDS));
  }

  /** Stops taking tasks, drops the delayed ones and waits for the running ones. */
  @Override
  public void close() {
    pool.shutdownNow();
    try {
      pool.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Cancellable cancellable(ScheduledFuture<?> future) {
    return () -> future.cancel(false);
  }

  private static Runnable reporting(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
      }
    };
  }
}
