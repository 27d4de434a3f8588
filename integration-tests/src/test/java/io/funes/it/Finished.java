package io.funes.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that has ended, and all that it printed. */
record Finished(List<String> command, int exitCode, String out, String err) {
  private static final long TIMEOUT_SECONDS = 120;

  /** Runs a command to its end; one that takes too long is killed, and the test fails. */
  static Finished run(List<String> command) {
    return run(new ProcessBuilder(command));
  }

  static Finished run(ProcessBuilder builder) {
    try {
      // Files, since a pipe that nobody reads would hold the process up.
      Path out = Files.createTempFile("out", ".txt");
      Path err = Files.createTempFile("err", ".txt");
      Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      process.getOutputStream().close();
      boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      process.destroyForcibly().waitFor();
      Finished finished =
          new Finished(
              builder.command(),
              process.exitValue(),
              Files.readString(out, UTF_8),
              Files.readString(err, UTF_8));
      Files.delete(out);
      Files.delete(err);
      assertThat(ended).as("ended in time: %s", finished).isTrue();
      return finished;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** This one, if it succeeded. */
  Finished succeeded() {
    assertThat(exitCode).as("exit code of %s", this).isZero();
    return this;
  }
}
