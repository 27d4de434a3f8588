package io.funes.bench.system;

/** A consumer of all partitions of one topic. Used by one thread. */
public interface RecordReceiver extends AutoCloseable {
  /** Called for each record, one at a time, in offset order for each partition. */
  interface Sink {
    /** The value of a record is out of the client's buffers, and this is the number it carries. */
    void record(int partition, long sequence, int valueBytes);
  }

  /**
   * Hands over {@code count} records beginning with the first of each partition; waits for those to
   * come.
   */
  void read(long count, Sink sink) throws Exception;

  @Override
  void close();
}
