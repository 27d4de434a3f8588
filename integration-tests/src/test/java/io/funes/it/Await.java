package io.funes.it;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what will be so before long. */
final class Await {
  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(120);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private Await() {}

  static void until(String what, BooleanSupplier condition) {
    until(() -> what, condition);
  }

  /**
   * Looks until the condition holds.
   *
   * @param what is told where it does not come to pass in time
   */
  static void until(Supplier<String> what, BooleanSupplier condition) {
    long begin = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - begin > TIMEOUT_NANOS) {
        throw new AssertionError("not in time: " + what.get());
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }
}
