package io.funes.server.testing;

import io.funes.server.common.PartitionId;
import io.funes.server.common.Scheduler;
import io.funes.server.common.Ticker;
import io.funes.server.log.LogConfig;
import io.funes.server.log.LogEnvironment;
import io.funes.server.log.PartitionLog;
import io.funes.server.log.ProducerCheckpoints;
import io.funes.server.log.file.SegmentFiles;
import io.funes.server.metrics.Metrics;
import io.funes.server.record.BodyRules;
import io.funes.server.replication.DiskGate;
import io.funes.server.replication.FlushPolicy;
import io.funes.server.replication.FlushQueue;
import io.funes.server.replication.LeaderLinks;
import io.funes.server.replication.LeaderPartition;
import io.funes.server.replication.PartitionEnvironment;
import io.funes.server.replication.PartitionMetrics;
import io.funes.server.replication.PartitionTable;
import io.funes.server.replication.ProducerFence;
import io.funes.server.replication.ReplicaChannel;
import io.funes.server.replication.TopicRules;
import io.funes.server.replication.TopicRulesSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * What logs and partitions share with the broker around them. All that is not said is plain: broker
 * 0, a disk in memory with room on it, producers without names, and no other broker.
 */
public final class TestEnvironment {
  private final Ticker ticker;
  private final Scheduler threads;
  private SegmentFiles disk = new MemorySegmentFiles();
  private ProducerCheckpoints checkpoints = new MemoryProducerCheckpoints();
  private int brokerId;
  private DiskGate gate = new DiskGate(0);
  private ProducerFence fence = _ -> OptionalInt.empty();
  private int pushBytesMax = 1 << 20;
  private ReplicaChannel.Connector others = (_, _) -> null;
  private Consumer<LeaderPartition> inSyncOutdated = _ -> {};
  private Ticker partitionTicker;

  private TestEnvironment(Ticker ticker, Scheduler threads) {
    this.ticker = ticker;
    this.threads = threads;
    this.partitionTicker = ticker;
  }

  /** Time passes, and others' work is done, when the test says so. */
  public static TestEnvironment at(ManualScheduler time) {
    return new TestEnvironment(time, time);
  }

  public static TestEnvironment of(Ticker ticker, Scheduler threads) {
    return new TestEnvironment(ticker, threads);
  }

  /** Of a topic that asks for nothing but this. */
  public static TopicRules rules(FlushPolicy flush) {
    return new TopicRules(new BodyRules(1 << 20, 1 << 20, false), false, flush, 1_000, 1);
  }

  public TestEnvironment disk(SegmentFiles files) {
    disk = files;
    return this;
  }

  public TestEnvironment checkpoints(ProducerCheckpoints store) {
    checkpoints = store;
    return this;
  }

  public TestEnvironment brokerId(int id) {
    brokerId = id;
    return this;
  }

  public TestEnvironment gate(DiskGate diskGate) {
    gate = diskGate;
    return this;
  }

  public TestEnvironment fence(ProducerFence producers) {
    fence = producers;
    return this;
  }

  public TestEnvironment pushBytesMax(int bytes) {
    pushBytesMax = bytes;
    return this;
  }

  /** How partitions that follow come by a stream to their leader's broker. */
  public TestEnvironment others(ReplicaChannel.Connector connector) {
    others = connector;
    return this;
  }

  public TestEnvironment inSyncOutdated(Consumer<LeaderPartition> listener) {
    inSyncOutdated = listener;
    return this;
  }

  /** Partitions look at another clock than their logs. */
  public TestEnvironment partitionTicker(Ticker other) {
    partitionTicker = other;
    return this;
  }

  public LogEnvironment ofLogs() {
    return new LogEnvironment(ticker, threads, disk, checkpoints, 100, 1_000_000);
  }

  public PartitionEnvironment ofPartitions() {
    return new PartitionEnvironment(
        brokerId,
        gate,
        new FlushQueue(threads),
        fence,
        PartitionMetrics.in(Metrics.none()),
        pushBytesMax,
        new LeaderLinks(others, threads),
        inSyncOutdated,
        partitionTicker);
  }

  /** Of topics that have no defaults set. */
  public PartitionTable table(Path folder) {
    return new PartitionTable(
        folder, ofLogs(), ofPartitions(), new TopicRulesSource(Map.of(), 1 << 20), threads);
  }

  /** Opens a log of one segment that keeps all it gets. */
  public PartitionLog openLog(Path folder, PartitionId id, int leaderEpochMax) {
    LogConfig config = new LogConfig(1 << 20, 3_600_000, -1, -1, 256);
    try {
      return PartitionLog.open(folder, id, config, ofLogs(), leaderEpochMax);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** On a disk in memory, a folder for each partition. */
  public PartitionLog openLog(PartitionId id, int leaderEpochMax) {
    return openLog(Path.of("/" + id), id, leaderEpochMax);
  }
}
