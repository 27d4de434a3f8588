package io.funes.cli.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.cli.CliRun;
import io.funes.cli.terminal.ExitCode;
import io.funes.cli.terminal.Invocation;
import io.funes.server.config.BrokerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartCommandTest {
  private final List<BrokerConfig> started = new ArrayList<>();
  private final CliRun cli = new CliRun();
  @TempDir Path folder;

  @Test
  void readyLineNamesAddressDataAndWhatIsThere() {
    start("--data", folder.toString());

    assertThat(cli.out())
        .isEqualTo(
            "funes ready on 127.0.0.1:1942, for brokers 127.0.0.1:1944, data %s (1 topic, 12 partitions)\n"
                .formatted(folder));
  }

  @Test
  void whereNoBrokerCanJoinTheReadyLineNamesNoAddressForThem() {
    start("--data", folder.toString(), "--listen", "127.0.0.1:0");

    assertThat(cli.out())
        .isEqualTo(
            "funes ready on 127.0.0.1:0, data %s (1 topic, 12 partitions)\n".formatted(folder));
  }

  @Test
  void onATerminalTheNextCommandsFollow() {
    cli.onTerminal().environment("FUNES_COMMAND", "./funes");

    start("--data", folder.toString(), "--listen", "127.0.0.1:1952");

    assertThat(cli.out())
        .contains("./funes topic create greetings --partitions 3 --server 127.0.0.1:1952\n")
        .contains("echo hello | ./funes produce greetings --server 127.0.0.1:1952\n")
        .contains("./funes consume greetings --server 127.0.0.1:1952\n");
  }

  @Test
  void jsonSaysTheSameToPrograms() {
    cli.onTerminal();
    Invocation invocation = cli.invocation();
    invocation.json(true);

    StartCommand.commandLine(invocation, this::fake).execute("--data", folder.toString());

    assertThat(cli.out())
        .isEqualTo(
            """
            {"ready":true,"address":"127.0.0.1:1942","metrics_port":1943,"internal_address":"127.0.0.1:1944",\
            "node_id":0,"data":"%s","topics":1,"partitions":12}
            """
                .formatted(folder));
  }

  @Test
  void flagsWinOverSetAndSetOverEnvironmentAndFile() throws IOException {
    Path file =
        Files.write(
            folder.resolve("funes.conf"),
            List.of("node.id = 1", "rack = file", "network.threads = 3", "listen = 127.0.0.1:1"));
    cli.environment("FUNES_CONFIG", file.toString())
        .environment("FUNES_RACK", "environment")
        .environment("FUNES_NODE_ID", "2");

    start("--set", "node.id=3", "--set", "listen=127.0.0.1:2", "--listen", "127.0.0.1:3");

    BrokerConfig config = started.getFirst();
    assertThat(config.cluster().nodeId()).hasValue(3);
    assertThat(config.cluster().rack()).isEqualTo("environment");
    assertThat(config.network().networkThreads()).isEqualTo(3);
    assertThat(config.network().listen()).hasToString("127.0.0.1:3");
  }

  @Test
  void wideAddressIsWarnedAbout() {
    start("--listen", "0.0.0.0:1942");

    assertThat(cli.err()).startsWith("warning: 0.0.0.0:1942 can be reached from other machines");
    assertThat(started).hasSize(1);
  }

  @Test
  void hostThatDoesNotExistIsAUsageError() {
    start("--listen", "nohost.invalid:1942");

    assertThat(cli.err())
        .isEqualTo("funes: cannot listen on nohost.invalid:1942: there is no such host\n");
    assertThat(started).isEmpty();
  }

  @Test
  void wrongConfigLineEndsWithOneLine() throws IOException {
    Path file = Files.write(folder.resolve("funes.conf"), List.of("", "lisen = 127.0.0.1:1"));

    cli.run("start", "--config", file.toString());

    assertThat(cli.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(cli.err())
        .isEqualTo(
            "funes: %s line 2: unknown key \"lisen\": did you mean listen?\n".formatted(file));
    assertThat(cli.out()).isEmpty();
  }

  @Test
  void settingWithoutEqualsSignIsAUsageError() {
    cli.run("start", "--set", "node.id");

    assertThat(cli.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(cli.err()).contains("--set \"node.id\" is not KEY=VALUE");
  }

  private void start(String... args) {
    Invocation invocation = cli.invocation();
    StartCommand.commandLine(invocation, this::fake).execute(args);
    invocation.out().flush();
  }

  private RunningBroker fake(BrokerConfig config) {
    started.add(config);
    return new RunningBroker() {
      @Override
      public String address() {
        return config.network().listen().toString();
      }

      @Override
      public OptionalInt metricsPort() {
        return OptionalInt.of(1943);
      }

      @Override
      public Optional<String> internalAddress() {
        return config.cluster().internalListen().map(Object::toString);
      }

      @Override
      public int nodeId() {
        return config.cluster().nodeId().orElse(0);
      }

      @Override
      public int topicCount() {
        return 1;
      }

      @Override
      public long partitionCount() {
        return 12;
      }

      @Override
      public void awaitStop() {}

      @Override
      public void close() {}
    };
  }
}
