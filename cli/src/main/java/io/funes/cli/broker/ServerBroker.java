package io.funes.cli.broker;

import io.funes.cli.terminal.CommandFailure;
import io.funes.cli.terminal.ExitCode;
import io.funes.server.broker.Broker;
import io.funes.server.broker.BrokerStartException;
import io.funes.server.config.BrokerConfig;
import java.util.Optional;
import java.util.OptionalInt;

/** The broker of the server module. */
final class ServerBroker implements RunningBroker {
  private final Broker broker;

  private ServerBroker(Broker broker) {
    this.broker = broker;
  }

  static RunningBroker start(BrokerConfig config) {
    try {
      return new ServerBroker(Broker.start(config));
    } catch (BrokerStartException e) {
      throw new CommandFailure(ExitCode.REFUSED, "NOT_STARTED", e.getMessage(), e);
    }
  }

  @Override
  public String address() {
    return broker.address();
  }

  @Override
  public OptionalInt metricsPort() {
    return broker.metricsPort().map(OptionalInt::of).orElseGet(OptionalInt::empty);
  }

  @Override
  public Optional<String> internalAddress() {
    return broker.internalAddress();
  }

  @Override
  public int nodeId() {
    return broker.nodeId();
  }

  @Override
  public int topicCount() {
    return broker.topicCount();
  }

  @Override
  public long partitionCount() {
    return broker.partitionCount();
  }

  @Override
  public void awaitStop() throws InterruptedException {
    broker.awaitStop();
  }

  @Override
  public void close() {
    broker.close();
  }
}
