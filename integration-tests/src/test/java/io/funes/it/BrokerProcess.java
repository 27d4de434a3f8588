package io.funes.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A broker in a process of its own, which can be killed and started again with the same data and
 * address. Data folder and log stay in {@code target/brokers} until the next run.
 */
final class BrokerProcess implements AutoCloseable {
  private static final long TIMEOUT_SECONDS = 120;
  private static final Pattern READY =
      Pattern.compile("funes ready on (\\S+?), (for brokers \\S+, )?data .*");

  /** From the port for clients to the one for brokers, as by default. */
  private static final int INTERNAL = 2;

  private final Path folder;
  private final Place place;
  private final int port = freePort(INTERNAL);
  private List<String> settings;
  private Process process;

  private BrokerProcess(Path folder, Place place, List<String> settings) {
    this.folder = folder;
    this.place = place;
    this.settings = settings;
  }

  /**
   * Starts a broker with an empty data folder.
   *
   * @param name of its folder below {@code target/brokers}
   * @param settings in the form key=value
   */
  static BrokerProcess fresh(String name, String... settings) {
    BrokerProcess broker = prepared(name, Place.LOOPBACK, settings);
    broker.start();
    return broker;
  }

  /** Starts a broker that joins the cluster of another. */
  static BrokerProcess joining(BrokerProcess other, String name, String... settings) {
    List<String> all = new ArrayList<>(List.of(settings));
    all.add("cluster.join=" + other.internalAddress());
    return fresh(name, all.toArray(String[]::new));
  }

  /** A broker with an empty folder, which does not run yet. */
  static BrokerProcess prepared(String name, Place place, String... settings) {
    return new BrokerProcess(emptyFolder(name), place, List.of(settings));
  }

  /** Below {@code target/brokers}; what is in it stays there until the next run. */
  static Path emptyFolder(String name) {
    Path folder = Path.of("target", "brokers", name).toAbsolutePath();
    try {
      deleteAll(folder);
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sets what the next starts are told. */
  void configure(String... newSettings) {
    settings = List.of(newSettings);
  }

  /** HOST:PORT for clients; the same after every start. */
  String address() {
    return place.host() + ":" + port;
  }

  /** HOST:PORT for other brokers. */
  String internalAddress() {
    return place.internalHost() + ":" + internalPort();
  }

  int internalPort() {
    return port + INTERNAL;
  }

  Path data() {
    return folder.resolve("data");
  }

  /** Deletes something in the data folder; the empty name is all of it. */
  void delete(String name) {
    try {
      deleteAll(data().resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long pid() {
    return process.pid();
  }

  /** What all starts so far have logged. */
  String log() {
    try {
      return Files.readString(folder.resolve("broker.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A new channel for generated stubs; the caller shuts it down. */
  ManagedChannel channel() {
    return NettyChannelBuilder.forTarget(address()).usePlaintext().build();
  }

  /** Where it is to say why it does not start. */
  Finished startInVain() {
    ProcessBuilder builder = new ProcessBuilder(command());
    builder.environment().putAll(place.environment());
    return Finished.run(builder);
  }

  void start() {
    ProcessBuilder builder =
        new ProcessBuilder(command())
            .redirectError(ProcessBuilder.Redirect.appendTo(folder.resolve("broker.log").toFile()));
    builder.environment().putAll(place.environment());
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(readyAddress()).isEqualTo(address());
  }

  boolean running() {
    return process != null && process.isAlive();
  }

  /** SIGKILL: nothing is tidied up. */
  void kill9() {
    process.destroyForcibly();
    awaitExit();
  }

  /** SIGTERM: the broker ends in good order. */
  void stop() {
    process.destroy();
    assertThat(awaitExit()).as("exit code; log: %s", log()).isZero();
  }

  /** SIGSTOP: it stands still, its sockets stay open, and the kernel goes on to answer for them. */
  void pause() {
    signal("STOP");
  }

  /** SIGCONT. */
  void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    Finished.run(List.of("kill", "-" + name, Long.toString(pid()))).succeeded();
  }

  void restart() {
    stop();
    start();
  }

  @Override
  public void close() {
    if (process != null) {
      kill9();
    }
  }

  private List<String> command() {
    List<String> command = new ArrayList<>(place.launcher());
    command.addAll(FunesCommandLine.of("start"));
    command.addAll(List.of("--data", data().toString(), "--listen", address()));
    command.addAll(List.of("--set", "internal.listen=" + internalAddress()));
    command.addAll(List.of("--set", "metrics.listen=off", "--set", "disk.free.bytes.min=0"));
    settings.forEach(setting -> command.addAll(List.of("--set", setting)));
    return command;
  }

  /** The first line that the broker prints. */
  private String readyAddress() {
    String line = firstLine(process);
    Matcher ready = READY.matcher(line);
    if (!ready.matches()) {
      close();
      throw new AssertionError("the broker said \"%s\"; log: %s".formatted(line, log()));
    }
    return ready.group(1);
  }

  /** What a process prints first, or that it was nothing, or not in time. */
  static String firstLine(Process process) {
    BufferedReader out = process.inputReader(UTF_8);
    return CompletableFuture.supplyAsync(() -> String.valueOf(readLine(out)))
        .completeOnTimeout("no line in time", TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .join();
  }

  private static String readLine(BufferedReader reader) {
    try {
      return reader.readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int awaitExit() {
    try {
      assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).as("ended in time").isTrue();
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The first of ports that nobody listens on, this far from it and at it. Below those that systems
   * hand out: a client that tries to connect while the broker is down can be given the port itself,
   * and would then talk to itself on it.
   */
  static int freePort(int... others) {
    for (int attempt = 0; attempt < 100; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      if (isFree(port) && IntStream.of(others).allMatch(other -> isFree(port + other))) {
        return port;
      }
    }
    throw new IllegalStateException("no free port");
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false; // Taken.
    }
  }

  private static void deleteAll(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
