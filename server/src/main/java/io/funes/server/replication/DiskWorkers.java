package io.funes.server.replication;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Opens and closes many logs at a time: each waits for the disk, which serves several waiters as
 * fast as one.
 */
final class DiskWorkers {
  private static final int THREADS = 8;

  private DiskWorkers() {}

  /**
   * The work's result for each item, in their order. The first failure is thrown when all have
   * ended.
   */
  static <T, R> List<R> map(List<T> items, Function<T, R> work) {
    if (items.size() <= 1) {
      return items.stream().map(work).toList();
    }
    try (ExecutorService pool =
        Executors.newFixedThreadPool(
            Math.min(THREADS, items.size()),
            Thread.ofPlatform().daemon().name("funes-disk-", 0).factory())) {
      List<Callable<R>> calls = new ArrayList<>(items.size());
      items.forEach(item -> calls.add(() -> work.apply(item)));
      List<R> results = new ArrayList<>(items.size());
      for (Future<R> done : pool.invokeAll(calls)) {
        results.add(done.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while logs were opened or closed", e);
    }
  }
}
