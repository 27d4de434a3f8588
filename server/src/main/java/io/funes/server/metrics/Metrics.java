package io.funes.server.metrics;

import java.util.function.DoubleSupplier;

/**
 * Makes the instruments of the packages. Ask for them once, when a part is built, and keep them in
 * fields: labels are resolved here, so that the hot path is one increment. A label's values come
 * from a small fixed set (an operation, an error code), never from clients or topics.
 *
 * <p>Names start with {@code funes_} and carry their base unit: {@code _seconds}, {@code _bytes};
 * counters end in {@code _total}. The same name may be asked for again with other values of the
 * same labels.
 */
public interface Metrics {
  Counter counter(String name, String help, Label... labels);

  /** Seconds, in buckets from 100 microseconds to 10 seconds. */
  Timer timer(String name, String help, Label... labels);

  /** Sizes or counts, in buckets that grow by four: 1, 4, 16 ... 16 Mi. */
  Distribution distribution(String name, String help, Label... labels);

  /** Read when somebody looks; {@code value} is called on another thread and must not wait. */
  void gauge(String name, String help, DoubleSupplier value, Label... labels);

  static Metrics none() {
    return NoMetrics.INSTANCE;
  }

  /** Only grows. */
  interface Counter {
    void add(long amount);

    default void increment() {
      add(1);
    }
  }

  /** How long things took. */
  interface Timer {
    void recordNanos(long nanos);
  }

  /** How large things were. */
  interface Distribution {
    void record(long amount);
  }

  /** A dimension of a metric. */
  record Label(String name, String value) {}
}
