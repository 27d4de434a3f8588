package io.funes.bench.system;

/** A log with one broker. */
public non-sealed interface LogUnderTest extends SystemUnderTest {
  /** Stops the broker in its orderly way. */
  void stopBroker();

  /** Whether consumers have a form for {@link ReadMode#VIEWS} that is cheaper than copies. */
  boolean hasViews();

  /** A consumer of all partitions of the topic, from their first record on. */
  RecordReceiver receiver(String topic, ReadMode mode) throws Exception;

  /** Produces with one call for each record. */
  CallSender callSender(String topic) throws Exception;
}
