package io.funes.bench.system;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Counts acknowledged records. Written by the client's threads. */
public class Acknowledgements {
  private final AtomicLong records = new AtomicLong();
  private final AtomicReference<Throwable> firstError = new AtomicReference<>();

  public void add(int count) {
    records.addAndGet(count);
  }

  public void failed(Throwable error) {
    firstError.compareAndSet(null, error);
  }

  /** Call after a flush. */
  public void requireExactly(long sent) {
    if (firstError.get() != null) {
      throw new IllegalStateException("a record was refused", firstError.get());
    }
    if (records.get() != sent) {
      throw new IllegalStateException(records.get() + " of " + sent + " records acknowledged");
    }
  }
}
