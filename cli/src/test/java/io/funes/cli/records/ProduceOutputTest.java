package io.funes.cli.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.funes.cli.CliRun;
import io.funes.cli.terminal.ExitCode;
import io.funes.cli.terminal.Json;
import io.funes.server.common.Ticker;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProduceOutputTest {
  @Test
  void summaryCountsWhatWasAcknowledged() {
    ProduceSummary summary = new ProduceSummary("access-log", 10_000, 0, 0, 2_400_000, 0.5);

    assertThat(summary.sentence(true))
        .isEqualTo("produced 10,000 records (2.3 MiB) to access-log in 0.50 s, 20,000 records/s");
    assertThat(Json.text(summary.fields()))
        .isEqualTo(
            "{\"topic\":\"access-log\",\"records\":10000,\"failed\":0,\"without_key\":0,"
                + "\"bytes\":2400000,\"seconds\":0.5,\"records_per_second\":20000}");
  }

  @Test
  void summaryTellsOfLinesWithoutKeyOnlyWhereKeysWereAskedFor() {
    ProduceSummary summary = new ProduceSummary("t", 1, 2, 1, 10, 0);

    assertThat(summary.sentence(true)).endsWith("; 1 had no key; 2 failed");
    assertThat(summary.sentence(false))
        .isEqualTo("produced 1 record (10 B) to t in 0.00 s, 0 records/s; 2 failed");
  }

  @Test
  void progressIsDrawnAtMostTenTimesASecondAndErased() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    HandTicker ticker = new HandTicker();
    Progress progress = new Progress(new PrintStream(err, true, UTF_8), ticker, 1000);

    progress.update(1, 100);
    assertThat(err.size()).isZero();
    ticker.nanos += 100_000_000;
    progress.update(5, 500);
    progress.update(6, 600);
    assertThat(err.toString(UTF_8))
        .isEqualTo("\r\u001b[K[===============               ]  50 %  5 records");
    progress.erase();
    assertThat(err.toString(UTF_8)).endsWith("5 records\r\u001b[K");
  }

  @ParameterizedTest
  @CsvSource({
    "--acks 2, '--acks is 0, 1 or all'",
    "--header x, 'is not NAME=VALUE'",
    "--key-regex ( --server 127.0.0.1:1, --key-regex:",
    "--key-regex a --key-delimiter b, mutually exclusive",
    "--compression brotli, Invalid value",
    "--timeout 0, --timeout must be above 0"
  })
  void wrongOptionsAreUsageErrors(String options, String message) {
    CliRun run = CliRun.of(("produce t " + options).split(" "));

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).containsIgnoringCase(message);
  }

  @Test
  void missingFileIsNotFound() {
    CliRun run = CliRun.of("produce", "t", "--file", "/nonexistent/x");

    assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(run.err()).isEqualTo("funes: there is no file /nonexistent/x\n");
  }

  private static final class HandTicker implements Ticker {
    long nanos;

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public long epochMs() {
      return 0;
    }
  }
}
