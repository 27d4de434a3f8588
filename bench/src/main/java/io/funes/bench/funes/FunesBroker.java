package io.funes.bench.funes;

import io.funes.bench.Installation;
import io.funes.bench.system.ServerProcess;
import io.funes.bench.system.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A broker's process, as the launcher starts it: with 512 MiB of heap. */
final class FunesBroker {
  private final Installation installation;
  private final Setting setting;
  private final Path folder;
  private final int port = ServerProcess.freePort();
  private final int internalPort = ServerProcess.freePort();
  private final int metricsPort = ServerProcess.freePort();
  private ServerProcess process;

  /** Its data and its output go below {@code folder}. */
  FunesBroker(Installation installation, Setting setting, Path folder) {
    this.installation = installation;
    this.setting = setting;
    this.folder = folder;
  }

  int port() {
    return port;
  }

  String address() {
    return "127.0.0.1:" + port;
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
    start(List.of("--join", "127.0.0.1:" + other.internalPort));
  }

  private void start(List<String> more) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(installation.launcher().toString());
    command.addAll(List.of("start", "--data", data().toString()));
    command.addAll(List.of("--listen", address()));
    command.addAll(more);
    command.addAll(List.of("--set", "internal.listen=127.0.0.1:" + internalPort));
    command.addAll(List.of("--set", "metrics.listen=127.0.0.1:" + metricsPort));
    setting
        .under("broker.")
        .forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
    process = ServerProcess.start(command, output(), port);
  }

  void kill() {
    if (process != null) {
      process.kill();
    }
  }
}
