package io.funes.cli.broker;

import static java.util.stream.Collectors.joining;

import io.funes.client.Admin;
import io.funes.client.ClusterDescription;
import io.funes.client.ClusterDescription.QuorumMember;
import io.funes.server.config.BrokerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Three brokers in this process, for what brokers do with each other: what runs first when a leader
 * goes should not have to be loaded and compiled at that moment.
 */
final class TrainingCluster implements AutoCloseable {
  static final int BROKERS = 3;

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final long LOOK_MS = 20;

  private final Path folder;
  private final List<String> addresses = new ArrayList<>();
  private final List<String> internalAddresses = new ArrayList<>();
  private final List<RunningBroker> brokers = new ArrayList<>();

  /** Returns when all three vote, so that any one of them may stop. */
  TrainingCluster(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    try {
      for (int id = 0; id < BROKERS; id++) {
        addresses.add(freeAddress());
        internalAddresses.add(freeAddress());
        brokers.add(start(id));
      }
      awaitVoters();
    } catch (IOException | RuntimeException | InterruptedException e) {
      close();
      throw e;
    }
  }

  private static String freeAddress() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "127.0.0.1:" + socket.getLocalPort();
    }
  }

  private RunningBroker start(int id) {
    Map<String, String> settings = new HashMap<>();
    settings.put("data.dir", folder.resolve("broker-" + id).toString());
    settings.put("listen", addresses.get(id));
    settings.put("internal.listen", internalAddresses.get(id));
    settings.put("metrics.listen", "off");
    if (id > 0) {
      settings.put("cluster.join", internalAddresses.getFirst());
    }
    return ServerBroker.start(BrokerConfig.of(settings));
  }

  private void awaitVoters() throws InterruptedException {
    try (Admin admin = Admin.builder().server(servers()).build()) {
      long limit = System.nanoTime() + PATIENCE.toNanos();
      while (voters(admin.cluster(0)) < BROKERS) {
        if (System.nanoTime() - limit > 0) {
          throw new IllegalStateException("not all brokers vote after " + PATIENCE);
        }
        Thread.sleep(LOOK_MS);
      }
    }
  }

  private static long voters(ClusterDescription cluster) {
    return cluster.quorum().stream().filter(QuorumMember::voter).count();
  }

  /** As for {@code --server}. */
  String servers() {
    return addresses.stream().collect(joining(","));
  }

  /** One stops in good order. */
  void stop(int id) {
    brokers.get(id).close();
  }

  void startAgain(int id) {
    brokers.set(id, start(id));
  }

  @Override
  public void close() {
    brokers.forEach(RunningBroker::close);
  }
}
