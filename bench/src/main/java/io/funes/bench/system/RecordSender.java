package io.funes.bench.system;

/** A producer. Used by one thread. */
public interface RecordSender extends AutoCloseable {
  /** The producer chooses the partition. */
  int ANY_PARTITION = -1;

  /** Takes a copy of {@code value}; waits where the producer has no room. */
  void send(int partition, byte[] value);

  /** Returns when every record is acknowledged or has failed. */
  void flush();

  @Override
  void close();
}
