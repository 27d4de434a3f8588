package io.funes.cli.terminal;

/** Nobody reads the output any more, as after {@code | head}. */
public final class OutputClosedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OutputClosedException(Throwable cause) {
    super("output closed", cause, false, false);
  }
}
