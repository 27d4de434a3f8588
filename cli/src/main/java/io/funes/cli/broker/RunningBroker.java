package io.funes.cli.broker;

import io.funes.server.config.BrokerConfig;
import java.util.Optional;
import java.util.OptionalInt;

/** What {@code funes start} needs of a broker. */
interface RunningBroker extends AutoCloseable {
  /** Where clients connect: the host and port really bound. */
  String address();

  /** The port really bound for metrics; empty where they are not served. */
  OptionalInt metricsPort();

  /** Where other brokers join; empty where it stays alone. */
  Optional<String> internalAddress();

  /** Its number in the cluster. */
  int nodeId();

  int topicCount();

  long partitionCount();

  /** Waits until it has stopped, whoever stopped it. */
  void awaitStop() throws InterruptedException;

  /** Stops it in good order. May be called more than once. */
  @Override
  void close();

  /** Starts one. */
  @FunctionalInterface
  interface Starter {
    RunningBroker start(BrokerConfig config);
  }
}
