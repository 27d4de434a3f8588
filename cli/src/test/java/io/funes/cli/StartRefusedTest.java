package io.funes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.cli.terminal.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a broker cannot be started, beside one that runs. */
class StartRefusedTest {
  @TempDir static Path folder;
  private static CommandedBroker broker;

  @BeforeAll
  static void start() {
    broker = new CommandedBroker(folder.resolve("data"));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void secondBrokerOnTheFolderIsRefused() {
    CliRun run =
        CliRun.of(
            "start",
            "--data",
            folder.resolve("data").toString(),
            "--listen",
            "127.0.0.1:0",
            "--set",
            "metrics.listen=off");

    assertThat(run.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(run.err()).contains("is in use by process").hasLineCount(1);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void takenPortIsRefused() {
    CliRun run =
        CliRun.of(
            "start",
            "--data",
            folder.resolve("other").toString(),
            "--listen",
            broker.address(),
            "--set",
            "metrics.listen=off");

    assertThat(run.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(run.err()).contains(broker.address() + " is in use").hasLineCount(1);
  }

  @Test
  void placesThatCannotBeAreToldWithoutTheNamesOfExceptions() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    CliRun below = CliRun.of("start", "--data", file.resolve("below").toString());
    CliRun foreign =
        CliRun.of(
            "start",
            "--data",
            folder.resolve("foreign").toString(),
            "--listen",
            "203.0.113.5:1942",
            "--set",
            "metrics.listen=off");
    CliRun config = CliRun.of("start", "--config", folder.toString());

    assertThat(below.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(below.err())
        .isEqualTo(
            "funes: data folder %s/below cannot be made, no folder can be there: give another\n"
                .formatted(file));
    assertThat(foreign.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(foreign.err()).contains("is no address of this machine: give another --listen");
    assertThat(config.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(config.err()).endsWith("is a folder: give a file\n").hasLineCount(1);
  }
}
