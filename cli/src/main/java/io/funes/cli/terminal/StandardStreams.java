package io.funes.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The process's own streams. */
public final class StandardStreams {
  private static final int IN = 0;
  private static final int OUT = 1;
  private static final int ERR = 2;

  private StandardStreams() {}

  public static Invocation invocation() {
    return new Invocation(
        new FileInputStream(FileDescriptor.in),
        new FileOutputStream(FileDescriptor.out),
        System.err,
        System.getenv(),
        new Invocation.Terminal(isTerminal(IN), isTerminal(OUT), isTerminal(ERR)));
  }

  /** Java tells only whether input and output both are one; Linux tells of each. */
  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | RuntimeException e) {
      return System.console().isTerminal();
    }
  }
}
