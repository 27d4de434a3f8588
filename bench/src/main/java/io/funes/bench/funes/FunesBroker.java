package io.funes.bench.funes;

import io.funes.bench.Installation;
import io.funes.bench.system.ServerProcess;
import io.funes.bench.system.Setting;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A broker's process, as the launcher starts it: with 512 MiB of heap. */
final class FunesBroker {
  private final Installation installation;
  private final Setting setting;
  private final Path folder;
  private final String host;
  private final List<String> launcher;
  private final int port = ServerProcess.freePort();
  private final int internalPort = ServerProcess.freePort();
  private final int metricsPort = ServerProcess.freePort();
  private ServerProcess process;

  /** Its data and its output go below {@code folder}. */
  FunesBroker(Installation installation, Setting setting, Path folder) {
    this(installation, setting, folder, "127.0.0.1", List.of());
  }

  /** One that listens at {@code host}, and is started by way of {@code launcher}. */
  FunesBroker(
      Installation installation, Setting setting, Path folder, String host, List<String> launcher) {
    this.installation = installation;
    this.setting = setting;
    this.folder = folder;
    this.host = host;
    this.launcher = launcher;
  }

  int port() {
    return port;
  }

  String address() {
    return host + ":" + port;
  }

  Path data() {
    return folder.resolve("data");
  }

  Path output() {
    return folder.resolve("broker.out");
  }

  ServerProcess process() {
    return process;
  }

  void start() throws IOException {
    start(List.of());
  }

  /** As a broker of the other one's cluster. */
  void startJoining(FunesBroker other) throws IOException {
    start(List.of("--join", other.host + ":" + other.internalPort));
  }

  private void start(List<String> more) throws IOException {
    List<String> command = new ArrayList<>(launcher);
    command.add(installation.launcher().toString());
    command.addAll(List.of("start", "--data", data().toString()));
    command.addAll(List.of("--listen", address()));
    command.addAll(more);
    command.addAll(List.of("--set", "internal.listen=%s:%d".formatted(host, internalPort)));
    command.addAll(List.of("--set", "metrics.listen=%s:%d".formatted(host, metricsPort)));
    setting
        .under("broker.")
        .forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
    process = ServerProcess.start(command, output(), new InetSocketAddress(host, port));
  }

  void kill() {
    if (process != null) {
      process.kill();
    }
  }
}
