package io.funes.bench.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A broker's process. Dies with this JVM. */
public final class ServerProcess {
  private static final long START_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long STOP_LIMIT_SECONDS = 60;
  private static final int FREE_PORT_MIN = 12_000;
  private static final int FREE_PORT_END = 32_000;
  private static final long CONNECT_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final Process process;
  private final Path log;
  private final InetSocketAddress address;

  private ServerProcess(Process process, Path log, InetSocketAddress address) {
    this.process = process;
    this.log = log;
    this.address = address;
  }

  /** Starts it and waits until the address accepts a connection. */
  public static ServerProcess start(List<String> command, Path log, InetSocketAddress address)
      throws IOException {
    ServerProcess server = launch(command, log, address);
    server.awaitPort();
    return server;
  }

  /** Starts it. */
  public static ServerProcess launch(List<String> command, Path log, InetSocketAddress address)
      throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return new ServerProcess(process, log, address);
  }

  /**
   * A port that nothing listens on just now, and that the system gives to no outgoing connection
   * while the broker is down.
   */
  public static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(FREE_PORT_MIN, FREE_PORT_END);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // Taken: another one.
      }
    }
  }

  public long pid() {
    return process.pid();
  }

  public void stop() {
    process.destroy();
    boolean stopped = false;
    try {
      stopped = process.waitFor(STOP_LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!stopped) {
      kill();
      throw new IllegalStateException(
          "the broker did not stop in " + STOP_LIMIT_SECONDS + " s" + said());
    }
  }

  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** SIGSTOP: it is alive and does nothing. */
  public void pause() throws IOException {
    signal("STOP");
  }

  /** After {@link #pause}. */
  public void resume() throws IOException {
    signal("CONT");
  }

  private void signal(String name) throws IOException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
    if (kill.onExit().join().exitValue() != 0) {
      throw new IOException("the broker took no SIG" + name);
    }
  }

  /** Returns when the port accepts a connection. */
  public void awaitPort() throws IOException {
    long start = System.nanoTime();
    while (!accepts(address)) {
      if (!process.isAlive()) {
        throw new IOException("the broker ended with exit code " + process.exitValue() + said());
      }
      if (System.nanoTime() - start > START_LIMIT_NANOS) {
        kill();
        throw new IOException("the broker did not listen on " + address + said());
      }
      LockSupport.parkNanos(CONNECT_PAUSE_NANOS);
    }
  }

  private static boolean accepts(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private String said() {
    try {
      List<String> lines = Files.readAllLines(log);
      return ":\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    } catch (IOException e) {
      return " (no output: " + e.getMessage() + ")";
    }
  }
}
