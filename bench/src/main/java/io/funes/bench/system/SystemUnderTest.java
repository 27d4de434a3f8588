package io.funes.bench.system;

import java.io.IOException;
import java.util.List;

/** Broker processes on this machine, and their clients in this JVM. Used by one thread. */
public sealed interface SystemUnderTest extends AutoCloseable
    permits LogUnderTest, ClusterUnderTest {
  /** Starts all brokers on the data they have, and returns when their ports accept connections. */
  void startBroker() throws IOException;

  /** Process ids of the running brokers. */
  List<Long> brokerPids();

  /** Version of the system, for the report. */
  String version();

  /** Makes a topic and returns when it can be produced to. */
  void createTopic(String topic, int partitions) throws Exception;

  /** Deletes a topic and its data. */
  void deleteTopic(String topic) throws Exception;

  /** An idempotent producer with acks=all. */
  RecordSender sender(String topic, Acknowledgements acknowledgements) throws Exception;

  /** Kills what still runs. */
  @Override
  void close();
}
