package io.funes.server.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.raft.MemberChange.Kind;
import io.funes.server.metadata.raft.RaftConfig.Start;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Brokers of one metadata quorum, in this process. */
final class RaftCluster {
  static final RaftTuning QUICK =
      new RaftTuning(300, 600, 1_000, 20_000, 10_000, 4 << 20, 1_000, 1);

  /** Nobody stands for election, and no heartbeat comes, within the time of a test. */
  static final RaftTuning PATIENT =
      new RaftTuning(120_000, 240_000, 1_000, 20_000, 10_000, 4 << 20, 1_000, 1);

  private static final long PATIENCE_MS = 30_000;

  final MemoryNetwork network = new MemoryNetwork();
  final List<Throwable> fatal = Collections.synchronizedList(new ArrayList<>());
  private final UUID clusterId = UUID.randomUUID();
  private final Map<Integer, RatisMetadataLog> running = new TreeMap<>();
  private final Path parent;
  private final RaftTuning tuning;

  RaftCluster(Path parent, RaftTuning tuning) {
    this.parent = parent;
    this.tuning = tuning;
  }

  /** Founded by broker 1, then grown to so many voters. */
  static RaftCluster ofVoters(Path parent, int voters, RaftTuning tuning) throws Exception {
    RaftCluster cluster = new RaftCluster(parent, tuning);
    cluster.found(1);
    for (int id = 2; id <= voters; id++) {
      cluster.join(id);
      cluster.change(Kind.PROMOTE, id);
    }
    return cluster;
  }

  static String address(int id) {
    return "broker-" + id + ":1";
  }

  Path folder(int id) {
    return parent.resolve(String.valueOf(id));
  }

  Path logFolder(int id) {
    return folder(id).resolve(clusterId.toString()).resolve("current");
  }

  RatisMetadataLog found(int id) throws IOException {
    RatisMetadataLog log = begin(id, new Start.Found());
    log.awaitReady(PATIENCE_MS);
    return log;
  }

  /** Adds a broker as a listener that has caught up. */
  RatisMetadataLog join(int id) throws Exception {
    RatisMetadataLog log = begin(id, joining());
    log.change(new MemberChange(Kind.ADD_LISTENER, new Peer(id, address(id))), PATIENCE_MS)
        .get(PATIENCE_MS, TimeUnit.MILLISECONDS);
    log.awaitReady(PATIENCE_MS);
    return log;
  }

  RatisMetadataLog restart(int id) throws IOException {
    return begin(id, new Start.Restart());
  }

  static Start joining() {
    return new Start.Join(List.of(address(9), address(1), address(2)));
  }

  /** Starts a broker and does not wait for anything. */
  RatisMetadataLog begin(int id, Start start) throws IOException {
    RaftConfig config =
        new RaftConfig(folder(id), clusterId, new Peer(id, address(id)), start, tuning);
    RatisMetadataLog log = RatisMetadataLog.start(config, network.from(address(id)), fatal::add);
    network.listen(address(id), log.handler());
    running.put(id, log);
    return log;
  }

  RatisMetadataLog log(int id) {
    return running.get(id);
  }

  void change(Kind kind, int id) throws Exception {
    log(running.keySet().iterator().next())
        .change(new MemberChange(kind, new Peer(id, address(id))), PATIENCE_MS)
        .get(PATIENCE_MS, TimeUnit.MILLISECONDS);
  }

  /** Nothing leaves it from now on, then it is closed. */
  void kill(int id) throws IOException {
    network.hangUp(address(id));
    network.cutOff(address(id));
    running.remove(id).close();
    network.heal();
  }

  void stop(int id) throws IOException {
    RatisMetadataLog log = running.remove(id);
    log.close();
    network.hangUp(address(id));
  }

  int leader() {
    List<Integer> leaders = new ArrayList<>();
    await(
        "a leader",
        () -> {
          leaders.clear();
          for (Map.Entry<Integer, RatisMetadataLog> broker : running.entrySet()) {
            if (broker.getValue().quorum().leader().filter(broker.getKey()::equals).isPresent()) {
              leaders.add(broker.getKey());
            }
          }
          return leaders.size() == 1;
        });
    return leaders.getFirst();
  }

  int follower() {
    int leader = leader();
    return running.keySet().stream().filter(id -> id != leader).findFirst().orElseThrow();
  }

  /** Every running broker comes to the image of the leader. */
  void awaitAgreement() {
    MetadataImage image = log(leader()).image();
    await("one image", () -> running.values().stream().allMatch(log -> log.image().equals(image)));
  }

  static void await(String what, Callable<Boolean> condition) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
    try {
      while (!condition.call()) {
        assertThat(System.nanoTime() - deadline).as("waiting for " + what).isNegative();
        LockSupport.parkNanos(5_000_000);
      }
    } catch (Exception e) {
      throw new AssertionError("waiting for " + what, e);
    }
  }

  void stopAll() {
    closeRunning().join();
    running.clear();
  }

  /** Ratis takes a second to close, which nobody needs to wait for. */
  CompletableFuture<Void> closeInBackground() {
    running.keySet().forEach(id -> network.hangUp(address(id)));
    return closeRunning().whenComplete((done, error) -> network.close());
  }

  private CompletableFuture<Void> closeRunning() {
    return CompletableFuture.allOf(
        running.values().stream()
            .map(log -> CompletableFuture.runAsync(() -> closeUnchecked(log)))
            .toArray(CompletableFuture[]::new));
  }

  private static void closeUnchecked(RatisMetadataLog log) {
    try {
      log.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
