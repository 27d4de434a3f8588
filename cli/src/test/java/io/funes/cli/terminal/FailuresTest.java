package io.funes.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.config.ConfigException;
import org.junit.jupiter.api.Test;

class FailuresTest {
  @Test
  void mistakesOfTheUserAreUsageErrors() {
    assertThat(Failures.of(new ConfigException("x")).exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(Failures.of(new IllegalArgumentException("x")).exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void whatNobodyExpectedSaysHowToLearnMore() {
    CommandFailure failure = Failures.of(new IllegalStateException("boom"));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(failure).hasMessageContaining("boom").hasMessageContaining("--verbose");
  }
}
