package io.funes.bench.kafka;

import io.funes.bench.system.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;

/**
 * The broker's process, with the JVM flags of Kafka's own start script: so 1 GiB of heap, where
 * Funes gets 512 MiB.
 */
final class KafkaBroker {
  private static final List<String> JVM_FLAGS =
      List.of(
          "-server",
          "-Xms1g",
          "-Xmx1g",
          "-XX:+UseG1GC",
          "-XX:MaxGCPauseMillis=20",
          "-XX:InitiatingHeapOccupancyPercent=35",
          "-XX:+ExplicitGCInvokesConcurrent",
          "-Djava.awt.headless=true",
          "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");

  private final Path folder;
  private final Path config;
  private final Map<String, String> overrides;
  private final int port = ServerProcess.freePort();
  private final int controllerPort = ServerProcess.freePort();
  private ServerProcess process;

  KafkaBroker(Path folder, Map<String, String> overrides) {
    this.folder = folder;
    this.overrides = overrides;
    config = folder.resolve("server.properties");
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  long pid() {
    return process.pid();
  }

  void start() throws IOException {
    if (!Files.exists(config)) {
      format();
    }
    process =
        ServerProcess.start(
            java("kafka.Kafka", config.toString()), folder.resolve("broker.out"), port);
  }

  void stop() {
    process.stop();
  }

  void kill() {
    if (process != null) {
      process.kill();
    }
  }

  private void format() throws IOException {
    Files.writeString(config, properties());
    String id = Uuid.randomUuid().toString();
    Process tool =
        new ProcessBuilder(
                java("kafka.tools.StorageTool", "format", "-t", id, "-c", config.toString()))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("format.out").toFile())
            .start();
    if (tool.onExit().join().exitValue() != 0) {
      throw new IOException(Files.readString(folder.resolve("format.out")));
    }
  }

  /** The last of several lines with the same key counts. */
  private String properties() {
    String own =
        """
        process.roles=broker,controller
        node.id=1
        listeners=PLAINTEXT://%1$s,CONTROLLER://127.0.0.1:%2$d
        controller.listener.names=CONTROLLER
        controller.quorum.voters=1@127.0.0.1:%2$d
        log.dirs=%3$s
        auto.create.topics.enable=false
        offsets.topic.replication.factor=1
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        # The defaults leave deleted files for a minute, and so in the page cache.
        log.segment.delete.delay.ms=0
        log.initial.task.delay.ms=500
        """
            .formatted(address(), controllerPort, folder.resolve("logs"));
    StringBuilder all = new StringBuilder(own);
    overrides.forEach((key, value) -> all.append(key).append('=').append(value).append('\n'));
    return all.toString();
  }

  private static List<String> java(String... mainAndArguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM_FLAGS);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(mainAndArguments));
    return command;
  }
}
