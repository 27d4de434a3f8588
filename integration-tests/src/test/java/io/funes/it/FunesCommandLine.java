package io.funes.it;

import io.funes.cli.FunesCommand;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The {@code funes} command as a process of its own.
 *
 * <p>After {@code mvn package} it runs from the jars of the distribution, so that one which is
 * missing there is missed here; before that, from what this test runs from.
 */
final class FunesCommandLine {
  private static final List<String> JVM_FLAGS =
      List.of(
          "-Xmx256m",
          "-XX:+UseCompactObjectHeaders",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private FunesCommandLine() {}

  /** The words of a command that may be run as they are. */
  static List<String> of(String... arguments) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(JVM_FLAGS);
    words.add("-cp");
    words.add(classPath());
    words.add(FunesCommand.class.getName());
    words.addAll(List.of(arguments));
    return words;
  }

  /** Runs a command to its end. */
  static Finished run(String... arguments) {
    return Finished.run(of(arguments));
  }

  private static String classPath() {
    Path source =
        Path.of(
            URI.create(
                FunesCommand.class.getProtectionDomain().getCodeSource().getLocation().toString()));
    return source.endsWith("dist/lib/funes.jar")
        ? source.resolveSibling("*").toString()
        : System.getProperty("java.class.path");
  }
}
