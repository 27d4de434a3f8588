package io.funes.cli.terminal;

/** What scripts branch on. The help of {@code funes} lists them. */
public final class ExitCode {
  public static final int OK = 0;
  public static final int FAILED = 1;
  public static final int USAGE = 2;
  public static final int NOT_FOUND = 3;
  public static final int REFUSED = 4;
  public static final int UNAVAILABLE = 5;

  private ExitCode() {}
}
