package io.funes.server.replication;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.PartitionId;
import io.funes.server.common.Refusal;
import io.funes.server.common.Scheduler;
import io.funes.server.controller.BrokerLife;
import io.funes.server.controller.Heartbeat;
import io.funes.server.controller.HeartbeatAnswer;
import io.funes.server.log.LogEnvironment;
import io.funes.server.metadata.MetadataCommand.RegisterBroker;
import io.funes.server.metadata.MetadataVersion;
import io.funes.server.metadata.Outcome;
import io.funes.server.metrics.Metrics;
import io.funes.server.testing.MemoryProducerCheckpoints;
import io.funes.server.testing.MemorySegmentFiles;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/** A broker's process and its disk: the production classes on simulated time, network and disk. */
final class SimulatedBroker {
  private static final long LAG_MS_MAX = 1_500;
  private static final long DISK_FREE_BYTES_MIN = 1_000;
  private static final int BATCH_BYTES_MAX = 1 << 20;

  private final int id;
  private final SimulatedTime time;
  private final Random random;
  private final SimulatedNetwork network;
  private final SimulatedQuorum quorum;
  private final Map<Integer, SimulatedBroker> all;
  private final MemorySegmentFiles disk = new MemorySegmentFiles();
  private final MemoryProducerCheckpoints checkpoints = new MemoryProducerCheckpoints();

  private boolean running;
  private boolean paused;
  private long freeBytes = DISK_FREE_BYTES_MIN;
  private DiskGate gate;
  private boolean cutFromQuorum;
  private Optional<Runnable> whenStopped = Optional.empty();
  private boolean dataSurvives;
  private long life;
  private UUID incarnation;

  /**
   * The newest life that wrote, null where what it wrote is lost. A start before that is not one.
   */
  private UUID lived;

  private long epoch = -1;
  private boolean serving;
  private int applied;
  private SimulatedQuorum.View metadata;
  private PartitionTable table;

  SimulatedBroker(
      int id,
      SimulatedTime time,
      Random random,
      SimulatedNetwork network,
      SimulatedQuorum quorum,
      Map<Integer, SimulatedBroker> all) {
    this.id = id;
    this.time = time;
    this.random = random;
    this.network = network;
    this.quorum = quorum;
    this.all = all;
    all.put(id, this);
    quorum.add(this);
  }

  void start() {
    if (running) {
      return;
    }
    running = true;
    paused = false;
    serving = false;
    whenStopped = Optional.empty();
    epoch = -1;
    long mine = ++life;
    lived = dataSurvives ? lived : null;
    Optional<UUID> previous = Optional.ofNullable(lived);
    UUID drawn = new UUID(random.nextLong(), random.nextLong());
    boolean sameLife = dataSurvives && incarnation != null && !incarnation.equals(lived);
    incarnation = sameLife ? incarnation : drawn;
    dataSurvives = true;
    Scheduler threads = time.process(() -> isAlive(mine), () -> paused);
    SimulatedQuorum.View view = quorum.new View(this, applied);
    metadata = view;
    gate = new DiskGate(DISK_FREE_BYTES_MIN);
    LeaderLinks links =
        new LeaderLinks(
            (leaderId, receiver) -> network.connect(this, all.get(leaderId), receiver), threads);
    InSyncRequests requests = new InSyncRequests(metadata, threads, id, LAG_MS_MAX);
    table =
        new PartitionTable(
            Path.of("/broker-" + id),
            new LogEnvironment(time, threads, disk, checkpoints, 100, 1_000_000_000),
            new PartitionEnvironment(
                id,
                gate,
                new FlushQueue(threads),
                producerId -> view.image().producerEpoch(producerId),
                PartitionMetrics.in(Metrics.none()),
                400,
                links,
                requests::outdated,
                time),
            new TopicRulesSource(Map.of(), BATCH_BYTES_MAX),
            threads);
    requests.start(table, 1 + random.nextInt(100));
    threads.every(700_000_000, () -> new Upkeep(table, checkpoints, time).checkpoint());
    metadata.hear();
    register(previous, threads, mine);
  }

  /** Serves nothing before its registration has come back to it through the log. */
  private void register(Optional<UUID> previous, Scheduler threads, long mine) {
    var _ =
        metadata
            .submit(
                new RegisterBroker(
                    id,
                    incarnation,
                    "b" + id + ":1",
                    internalAddress(),
                    Optional.empty(),
                    previous,
                    true))
            .whenComplete((outcome, error) -> {
              if (!isAlive(mine)) {
                return;
              }
              if (outcome instanceof Outcome.Applied(Outcome.BrokerRegistered(long brokerEpoch))) {
                epoch = brokerEpoch;
                lived = incarnation;
                metadata.subscribe(table);
                new DiskWatch(() -> freeBytes, gate, table, metadata, id, epoch, time)
                    .start(threads);
                serving = true;
              } else {
                threads.schedule(() -> register(previous, threads, mine), 100_000_000);
              }
            });
  }

  /** SIGTERM: asks for leave to stop, and stops when it has it, unless it dies before. */
  void shutDown(Runnable then) {
    if (running) {
      whenStopped = Optional.of(then);
    }
  }

  /** The controller's to its heartbeat. */
  void answered(HeartbeatAnswer answer) {
    if (answer.mayStop() && whenStopped.isPresent()) {
      Runnable then = whenStopped.get();
      table.close(Refusal.of(ErrorCode.BROKER_UNAVAILABLE, "the broker shuts down"));
      crash();
      then.run();
    }
  }

  /** kill -9. */
  void crash() {
    if (running) {
      if (!cutFromQuorum) {
        quorum.broken(new BrokerLife(id, epoch));
      }
      stop();
    }
  }

  private void stop() {
    if (running) {
      running = false;
      applied = metadata.applied();
      disk.crash();
      checkpoints.kill();
      network.died(this);
    }
  }

  /** The machine goes dark: nobody is told. */
  void losePower() {
    stop();
    disk.losePower();
    dataSurvives = false;
  }

  /** Dies, and comes back with an empty disk. */
  void loseDisk() {
    crash();
    disk.erase();
    checkpoints.kill();
    dataSurvives = false;
  }

  /** Leaves room for none, or for what a follower takes but no leader. */
  void fillDisk(boolean toTheEnd) {
    freeBytes = toTheEnd ? 0 : DISK_FREE_BYTES_MIN / 2;
  }

  void emptyDisk() {
    freeBytes = DISK_FREE_BYTES_MIN;
  }

  void pause(boolean nowPaused) {
    paused = nowPaused;
  }

  void cutFromQuorum(boolean cut) {
    cutFromQuorum = cut;
    if (!cut && running) {
      metadata.hear();
    }
  }

  int id() {
    return id;
  }

  long life() {
    return life;
  }

  long brokerEpoch() {
    return epoch;
  }

  boolean isAlive(long asked) {
    return running && life == asked;
  }

  boolean isRunning() {
    return running;
  }

  boolean isPaused() {
    return paused;
  }

  boolean isServing() {
    return running && serving;
  }

  /** Holds all that it ever acknowledged. */
  boolean hasItsData() {
    return dataSurvives;
  }

  boolean reachesQuorum() {
    return running && !paused && !cutFromQuorum;
  }

  Optional<Heartbeat> heartbeat() {
    return serving
        ? Optional.of(
            new Heartbeat(
                new BrokerLife(id, epoch),
                metadata.image().revision(),
                whenStopped.isPresent(),
                MetadataVersion.NEWEST))
        : Optional.empty();
  }

  String internalAddress() {
    return "b" + id + ":2";
  }

  void hearOfMetadata() {
    if (running) {
      metadata.hear();
    }
  }

  /** Runs the task when the process, this very one, gets to it. */
  void whenRunning(Runnable task) {
    long mine = life;
    if (!running) {
      return;
    }
    if (paused) {
      time.soon(
          20_000,
          () -> {
            if (isAlive(mine)) {
              whenRunning(task);
            }
          });
    } else {
      task.run();
    }
  }

  ReplicaChannel.Receiver accept(int followerId, long followerEpoch, ReplicaChannel channel) {
    return table.feeds().accept(followerId, followerEpoch, channel);
  }

  Optional<LeaderPartition> leader(PartitionId partition) {
    return isServing() ? table.leader(partition) : Optional.empty();
  }

  Optional<Replica> replica(PartitionId partition) {
    return isServing()
        ? table.replicas().filter(replica -> replica.id().equals(partition)).findFirst()
        : Optional.empty();
  }
}
