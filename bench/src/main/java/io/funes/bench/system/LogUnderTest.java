package io.funes.bench.system;

import java.io.IOException;

/**
 * A log with one broker process, on this machine, and its clients in this JVM. Used by one thread.
 */
public interface LogUnderTest extends AutoCloseable {
  /** Starts the broker on the data it has, and returns when its port accepts a connection. */
  void startBroker() throws IOException;

  /** Stops the broker in its orderly way. */
  void stopBroker();

  /** Process id of the running broker. */
  long brokerPid();

  /** Version of the system, for the report. */
  String version();

  /** Makes a topic and returns when it can be produced to. */
  void createTopic(String topic, int partitions) throws Exception;

  /** Deletes a topic and its data. */
  void deleteTopic(String topic) throws Exception;

  /** An idempotent producer with acks=all. */
  RecordSender sender(String topic, Acknowledgements acknowledgements) throws Exception;

  /** Whether consumers have a form for {@link ReadMode#VIEWS} that is cheaper than copies. */
  boolean hasViews();

  /** A consumer of all partitions of the topic, from their first record on. */
  RecordReceiver receiver(String topic, ReadMode mode) throws Exception;

  /** Produces with one call for each record. */
  CallSender callSender(String topic) throws Exception;

  /** Kills what still runs. */
  @Override
  void close();
}
