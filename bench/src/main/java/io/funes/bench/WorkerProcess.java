package io.funes.bench;

import io.funes.bench.report.Run;
import io.funes.bench.system.Setting;
import io.funes.bench.workload.Workload;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** Starts a {@link Worker} and reads what it measured. */
final class WorkerProcess {
  private static final long RUN_LIMIT_MINUTES = 40;

  private final Installation installation;
  private final Path folder;
  private final boolean quick;

  /** All runs use {@code folder}, one after the other. */
  WorkerProcess(Installation installation, Path folder, boolean quick) {
    this.installation = installation;
    this.folder = folder;
    this.quick = quick;
  }

  Run.Outcome run(String system, Workload workload, Setting setting) {
    try {
      Path data = Files.createDirectories(folder.resolve("data"));
      Path figures = folder.resolve("figures.properties");
      Path output = folder.resolve("client.out");
      Files.deleteIfExists(figures);
      Process process = start(command(system, workload, setting, data, figures), output);
      boolean ended = process.waitFor(RUN_LIMIT_MINUTES, TimeUnit.MINUTES);
      if (!ended) {
        process.destroy();
        process.onExit().join();
      }
      return ended && process.exitValue() == 0 ? read(figures) : failure(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Run.Outcome("", Map.of(), "interrupted");
    }
  }

  private List<String> command(
      String system, Workload workload, Setting setting, Path data, Path figures) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xms1g",
        "-Xmx1g",
        "-XX:+UseG1GC",
        "-XX:+UseCompactObjectHeaders",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
        installation.rootFlag(),
        "-cp",
        installation.classPath(system),
        Worker.class.getName(),
        system,
        workload.name(),
        setting.toString(),
        data.toString(),
        quick ? "quick" : "full",
        figures.toString());
  }

  private static Process start(List<String> command, Path output) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    return process;
  }

  private static Run.Outcome read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      properties.load(in);
    }
    String version = (String) properties.remove(Worker.VERSION);
    Map<String, Double> figures = new LinkedHashMap<>();
    for (String key : properties.stringPropertyNames()) {
      figures.put(key, Double.valueOf(properties.getProperty(key)));
    }
    return new Run.Outcome(version, figures, null);
  }

  private static Run.Outcome failure(Path output) throws IOException {
    List<String> lines = Files.readAllLines(output);
    String said = String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    return new Run.Outcome("", Map.of(), said);
  }
}
