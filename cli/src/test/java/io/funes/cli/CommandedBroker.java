package io.funes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.broker.Broker;
import io.funes.server.config.BrokerConfig;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** A broker in this process, and commands that are told to go to it. */
final class CommandedBroker implements AutoCloseable {
  private final Broker broker;

  CommandedBroker(Path dataFolder) {
    broker =
        Broker.start(
            BrokerConfig.of(
                Map.of(
                    "data.dir", dataFolder.toString(),
                    "listen", "127.0.0.1:0",
                    "disk.free.bytes.min", "0",
                    "metrics.listen", "off")));
  }

  String address() {
    return broker.address();
  }

  /** What the command prints, which must succeed. */
  String ok(String... args) {
    CliRun run = run(args);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out();
  }

  CliRun run(String... args) {
    return CliRun.of(args(args));
  }

  /** These, and where the broker is. */
  String[] args(String... args) {
    String[] all = Arrays.copyOf(args, args.length + 2);
    all[args.length] = "--server";
    all[args.length + 1] = address();
    return all;
  }

  @Override
  public void close() {
    broker.close();
  }
}
