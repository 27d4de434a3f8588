package io.funes.bench;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where things are in the source tree.
 *
 * @param root its top
 */
public record Installation(Path root) {
  private static final String ROOT_PROPERTY = "funes.home";

  /** The tree that the launcher named, else the one around the current folder. */
  public static Installation current() {
    String root = System.getProperty(ROOT_PROPERTY, "");
    return new Installation(Path.of(root).toAbsolutePath().normalize());
  }

  /** Passes the root on to a child process. */
  String rootFlag() {
    return "-D" + ROOT_PROPERTY + "=" + root;
  }

  /** Starts the broker as users do. */
  public Path launcher() {
    return root.resolve("funes");
  }

  Path workFolder() {
    return root.resolve("bench/target/work");
  }

  Path resultsFolder() {
    return root.resolve("bench/target/results");
  }

  /**
   * Class path of the client process. Kafka's has its own jars first and none of Funes but this
   * module's classes.
   */
  String classPath(String system) {
    if (!system.equals("kafka")) {
      return System.getProperty("java.class.path");
    }
    Path target = root.resolve("bench/target");
    return String.join(
        File.pathSeparator,
        target.resolve("kafka-classes").toString(),
        target.resolve("kafka-libs") + "/*",
        codeOf(Installation.class));
  }

  /** Lets the launcher build the broker, so that no run waits for that. */
  void prepareFunes() throws IOException, InterruptedException {
    run(launcher().toString(), "--version");
  }

  /** Fetches the jars and compiles the back end, once. */
  void prepareKafka() throws IOException, InterruptedException {
    if (!Files.exists(root.resolve("bench/target/kafka-classes"))) {
      run(root.resolve("build-tools/kafka").toString(), codeOf(Installation.class));
    }
  }

  private static void run(String... command) throws IOException, InterruptedException {
    if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
      throw new IOException(command[0] + " failed");
    }
  }

  /** Short commit id, with a plus where files differ from it. */
  String commit() {
    try {
      Process git =
          new ProcessBuilder("git", "-C", root.toString(), "describe", "--always", "--dirty=+")
              .start();
      String id = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return id.isEmpty() ? "unknown" : id;
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static String codeOf(Class<?> type) {
    return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()))
        .toString();
  }
}
