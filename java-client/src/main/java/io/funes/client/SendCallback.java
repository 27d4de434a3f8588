package io.funes.client;

/** Hears what became of a record. */
@FunctionalInterface
public interface SendCallback {
  /**
   * Called once per accepted record, in the order of the records of a partition, on the client's
   * I/O thread: it must be quick and must not wait for the producer. It may call {@link
   * Producer#send}, which then refuses instead of waiting when the buffer is full. What it throws
   * is logged and otherwise ignored.
   *
   * @param position where the record is; null when it failed
   * @param error why it failed; null when it did not
   */
  void onCompletion(RecordPosition position, FunesException error);
}
