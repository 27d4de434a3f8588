package io.funes.cli.terminal;

/** Ends a command. The message says what happened and what to do next. */
public final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;
  private final String reason;

  /**
   * A failure that has a name.
   *
   * @param reason as in the protocol's error reasons: upper case with underscores
   */
  public CommandFailure(int exitCode, String reason, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
    this.reason = reason;
  }

  public static CommandFailure usage(String message) {
    return new CommandFailure(ExitCode.USAGE, "USAGE", message, null);
  }

  public int exitCode() {
    return exitCode;
  }

  public String reason() {
    return reason;
  }
}
