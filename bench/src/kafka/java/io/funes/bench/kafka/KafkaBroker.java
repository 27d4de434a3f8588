package io.funes.bench.kafka;

import io.funes.bench.system.ServerProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The broker's process, with the JVM flags of Kafka's own start script but for the heap. */
final class KafkaBroker {
  private static final List<String> JVM_FLAGS =
      List.of(
          "-server",
          "-XX:+UseG1GC",
          "-XX:MaxGCPauseMillis=20",
          "-XX:InitiatingHeapOccupancyPercent=35",
          "-XX:+ExplicitGCInvokesConcurrent",
          "-Djava.awt.headless=true",
          "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");

  private final KafkaNodes nodes;
  private final int number;
  private final Path folder;
  private final Path config;
  private final String heap;
  private final Map<String, String> overrides;
  private ServerProcess process;

  /** With {@code heap}, for example 512m. */
  KafkaBroker(
      KafkaNodes nodes, int number, Path folder, String heap, Map<String, String> overrides) {
    this.nodes = nodes;
    this.number = number;
    this.folder = folder;
    this.heap = heap;
    this.overrides = overrides;
    config = folder.resolve("server.properties");
  }

  Path logs() {
    return folder.resolve("logs");
  }

  ServerProcess process() {
    return process;
  }

  /** Returns when the port accepts a connection. */
  void start() throws IOException {
    launch();
    process.awaitPort();
  }

  void launch() throws IOException {
    if (!Files.exists(config)) {
      format();
    }
    List<String> command = new ArrayList<>(nodes.hosts().launcher(number));
    command.addAll(java("kafka.Kafka", config.toString()));
    process =
        ServerProcess.launch(
            command,
            folder.resolve("broker.out"),
            new InetSocketAddress(nodes.hosts().address(number), nodes.ports().get(number)));
  }

  void kill() {
    if (process != null) {
      process.kill();
    }
  }

  private void format() throws IOException {
    Files.createDirectories(folder);
    Files.writeString(config, properties());
    Process tool =
        new ProcessBuilder(
                java(
                    "kafka.tools.StorageTool",
                    "format",
                    "-t",
                    nodes.clusterId(),
                    "-c",
                    config.toString()))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("format.out").toFile())
            .start();
    if (tool.onExit().join().exitValue() != 0) {
      throw new IOException(Files.readString(folder.resolve("format.out")));
    }
  }

  private String properties() {
    StringBuilder all = new StringBuilder(nodes.properties(number));
    all.append("log.dirs=").append(logs()).append('\n');
    overrides.forEach((key, value) -> all.append(key).append('=').append(value).append('\n'));
    return all.toString();
  }

  private List<String> java(String... mainAndArguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xms" + heap, "-Xmx" + heap));
    command.addAll(JVM_FLAGS);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(mainAndArguments));
    return command;
  }
}
