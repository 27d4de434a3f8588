package io.funes.cli.terminal;

import io.funes.client.ErrorReason;
import io.funes.client.FunesException;
import io.funes.server.config.ConfigException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** From what was thrown to exit code and message: the one place where they are matched. */
public final class Failures {
  private Failures() {}

  /** Prints the failure on the error stream and returns the exit code. */
  public static int report(Throwable thrown, Invocation invocation) {
    if (thrown instanceof OutputClosedException) {
      return ExitCode.OK;
    }
    CommandFailure failure = of(thrown);
    print(failure, invocation);
    if (invocation.verbose()) {
      thrown.printStackTrace(invocation.err());
    }
    return failure.exitCode();
  }

  public static void print(CommandFailure failure, Invocation invocation) {
    if (invocation.json()) {
      Map<String, Object> error = new LinkedHashMap<>();
      error.put("reason", failure.reason());
      error.put("message", failure.getMessage());
      error.put("exit_code", failure.exitCode());
      invocation.err().println(Json.text(Map.of("error", error)));
    } else {
      invocation.err().println("funes: " + failure.getMessage());
    }
  }

  /** What the command ends with when this was thrown. */
  public static CommandFailure of(Throwable thrown) {
    return switch (thrown) {
      case CommandFailure failure -> failure;
      case FunesException e ->
          new CommandFailure(exitCode(e.reason()), e.reason().name(), e.getMessage(), e);
      case ConfigException e ->
          new CommandFailure(ExitCode.USAGE, "INVALID_CONFIG", e.getMessage(), e);
      // The client's builders and requests say what is wrong with an argument.
      case IllegalArgumentException e ->
          new CommandFailure(ExitCode.USAGE, "INVALID_ARGUMENT", e.getMessage(), e);
      case IOException e ->
          new CommandFailure(ExitCode.FAILED, "IO", "input or output failed: " + e.getMessage(), e);
      default ->
          new CommandFailure(
              ExitCode.FAILED,
              "UNEXPECTED",
              "unexpected failure, --verbose shows where: " + thrown,
              thrown);
    };
  }

  private static int exitCode(ErrorReason reason) {
    return switch (reason) {
      case INVALID_ARGUMENT,
          INVALID_TOPIC_NAME,
          INVALID_TOPIC_CONFIG,
          INVALID_PARTITION_COUNT,
          INVALID_REPLICATION_FACTOR ->
          ExitCode.USAGE;
      case UNKNOWN_TOPIC, UNKNOWN_PARTITION, UNKNOWN_BROKER -> ExitCode.NOT_FOUND;
      case TOPIC_EXISTS,
          TOPIC_ID_MISMATCH,
          TOO_MANY_PARTITIONS,
          INTERNAL_TOPIC,
          RECORD_TOO_LARGE,
          BATCH_TOO_LARGE,
          KEY_REQUIRED,
          OFFSET_OUT_OF_RANGE,
          SEQUENCE_GAP,
          STALE_PRODUCER_EPOCH,
          EXPECTED_OFFSET_MISMATCH,
          BROKER_IN_USE,
          STALE_BROKER_EPOCH,
          STALE_PARTITION_EPOCH,
          INELIGIBLE_REPLICA ->
          ExitCode.REFUSED;
      case DISK_FULL,
          LIMIT_REACHED,
          NO_LEADER,
          BROKER_UNAVAILABLE,
          STORAGE_FAILURE,
          NOT_ENOUGH_REPLICAS,
          NOT_ENOUGH_REPLICAS_AFTER_APPEND,
          NOT_LEADER,
          FENCED_LEADER_EPOCH,
          UNKNOWN_LEADER_EPOCH,
          DEADLINE_PASSED,
          DELIVERY_TIMEOUT,
          BUFFER_FULL ->
          ExitCode.UNAVAILABLE;
      case MALFORMED_RECORDS,
          CRC_MISMATCH,
          RECORD_COUNT_MISMATCH,
          INVALID_CODEC,
          NO_RECORDS,
          INVALID_TIMESTAMP,
          INTERNAL,
          UNRECOGNIZED,
          CLIENT_CLOSED,
          CODEC_MISSING ->
          ExitCode.FAILED;
    };
  }
}
