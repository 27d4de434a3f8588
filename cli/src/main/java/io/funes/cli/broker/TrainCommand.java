package io.funes.cli.broker;

import io.funes.cli.terminal.ExitCode;
import io.funes.cli.terminal.Invocation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * Goes once through what users do, so that the JVM can record it for the AOT cache of the launcher.
 * A failure is told and forgiven: without a cache everything works, only slower.
 */
@Command(name = "train", hidden = true, description = "Warm up for the AOT cache.")
public final class TrainCommand implements Callable<Integer> {
  private static final int RECORDS = 5_000;

  private final Invocation invocation;
  private final Run run;

  /** Runs a command line in this process. */
  @FunctionalInterface
  public interface Run {
    int run(Invocation invocation, String... args);
  }

  private TrainCommand(Invocation invocation, Run run) {
    this.invocation = invocation;
    this.run = run;
  }

  public static CommandLine commandLine(Invocation invocation, Run run) {
    return new CommandLine(new TrainCommand(invocation, run));
  }

  @Override
  public Integer call() {
    try {
      Path folder = Files.createTempDirectory("funes-train");
      try {
        train(folder);
      } finally {
        delete(folder);
      }
    } catch (IOException | RuntimeException | ExecutionException e) {
      invocation.err().println("training failed, commands will start slower: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ExitCode.OK;
  }

  private void train(Path folder) throws IOException, InterruptedException, ExecutionException {
    alone(folder.resolve("alone"));
    try (TrainingCluster cluster = new TrainingCluster(folder.resolve("cluster"))) {
      useCluster(cluster, "--server=" + cluster.servers());
    }
  }

  private void alone(Path folder) throws InterruptedException, ExecutionException {
    CompletableFuture<RunningBroker> started = new CompletableFuture<>();
    Thread start = new Thread(() -> start(folder, started), "train-start");
    start.start();
    try (RunningBroker broker = started.get()) {
      useAll("--server=" + broker.address());
    }
    start.join();
  }

  private static void start(Path folder, CompletableFuture<RunningBroker> started) {
    int exitCode =
        StartCommand.commandLine(
                quiet(""),
                config -> {
                  RunningBroker broker = ServerBroker.start(config);
                  started.complete(broker);
                  return broker;
                })
            .execute( // With the listener for other brokers, which port 0 alone would leave out.
                "--data",
                folder.toString(),
                "--listen",
                "127.0.0.1:0",
                "--set",
                "internal.listen=127.0.0.1:0",
                "--set",
                "log.level=warn");
    started.completeExceptionally(new IllegalStateException("start ended with " + exitCode));
  }

  private static String lines() {
    return IntStream.range(0, RECORDS)
        .mapToObj(i -> "10.0.0.%d - line %d\n".formatted(i % 256, i))
        .collect(Collectors.joining());
  }

  private void useAll(String server) {
    String lines = lines();
    step("", "--help");
    step("", "topic", "create", "t", "--partitions", "3", server);
    step("", "topic", "list", server);
    step(lines, "produce", "t", "--key-regex", "^\\S+", server);
    step("one\n", "produce", "t", server);
    step("", "topic", "describe", "t", server);
    step("", "consume", "t", "--exit-at-end", server);
    step("", "consume", "t", "--exit-at-end", "-o", "json", server);
    step("", "topic", "alter", "t", "--config", "retention.ms=-1", server);
    step("", "topic", "describe", "none", server);
    step("", "topic", "delete", "t", server);
  }

  /** Each broker stops and comes back, so that each part has led and has followed. */
  private void useCluster(TrainingCluster cluster, String servers) {
    String lines = lines();
    String produce = "--key-regex=^\\S+";
    step("", "topic", "create", "t", "--partitions", "6", "--replicas", "3", servers);
    for (int id = 0; id < TrainingCluster.BROKERS; id++) {
      step(lines, "produce", "t", produce, servers);
      cluster.stop(id);
      step(lines, "produce", "t", produce, servers);
      cluster.startAgain(id);
    }
    step("", "consume", "t", "--exit-at-end", servers);
    step("", "cluster", "describe", servers);
  }

  private void step(String input, String... args) {
    run.run(quiet(input), args);
  }

  private static Invocation quiet(String input) {
    return new Invocation(
        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
        OutputStream.nullOutputStream(),
        new PrintStream(OutputStream.nullOutputStream()),
        Map.of(),
        new Invocation.Terminal(false, false, false));
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failure)
              throws IOException {
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
