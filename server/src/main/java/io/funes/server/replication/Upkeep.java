package io.funes.server.replication;

import static java.util.stream.Collectors.toSet;

import io.funes.server.common.Scheduler;
import io.funes.server.common.Ticker;
import io.funes.server.log.ProducerCheckpoints;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What partitions need from time to time: interval flushes, checkpoints and retention. */
public final class Upkeep {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

  /** Intervals in milliseconds. */
  public record Intervals(long checkpointMs, long retentionMs) {}

  private final PartitionTable table;
  private final ProducerCheckpoints checkpoints;
  private final Ticker ticker;
  private final Map<Replica, Long> flushedNanos = new ConcurrentHashMap<>();

  public Upkeep(PartitionTable table, ProducerCheckpoints checkpoints, Ticker ticker) {
    this.table = table;
    this.checkpoints = checkpoints;
    this.ticker = ticker;
  }

  public void start(Scheduler scheduler, Intervals intervals) {
    scheduler.every(TimeUnit.MILLISECONDS.toNanos(100), this::intervalFlushes);
    scheduler.every(TimeUnit.MILLISECONDS.toNanos(intervals.checkpointMs()), this::checkpoint);
    scheduler.every(TimeUnit.MILLISECONDS.toNanos(intervals.retentionMs()), this::retention);
  }

  void intervalFlushes() {
    long now = ticker.nanos();
    flushedAtIntervals()
        .filter(partition -> partition.log().flushedOffset() < partition.log().logEndOffset())
        .filter(partition -> due(partition, now))
        .forEach(partition -> {
          flushedNanos.put(partition, now);
          attempt("flush", partition, partition::flush);
        });
    flushedNanos.keySet().retainAll(flushedAtIntervals().collect(toSet()));
  }

  private Stream<Replica> flushedAtIntervals() {
    return table.replicas().filter(partition -> partition.rules().flush() == FlushPolicy.INTERVAL);
  }

  private boolean due(Replica partition, long now) {
    long intervalNanos = TimeUnit.MILLISECONDS.toNanos(partition.rules().flushIntervalMs());
    return now - flushedNanos.getOrDefault(partition, now - intervalNanos) >= intervalNanos;
  }

  void checkpoint() {
    table
        .replicas()
        .forEach(partition -> attempt("checkpoint", partition, () -> partition.log().checkpoint()));
    try {
      checkpoints.flush();
    } catch (IOException e) {
      LOG.warn("checkpoints are not on the disk yet: {}", e.toString());
    }
  }

  void retention() {
    table
        .replicas()
        .forEach(partition ->
            attempt(
                "retention",
                partition,
                () -> partition.log().applyRetention(ticker.epochMs(), partition.highWatermark())));
  }

  private interface DiskWork {
    void run() throws IOException;
  }

  private static void attempt(String what, Replica partition, DiskWork work) {
    try {
      work.run();
    } catch (IOException | RuntimeException e) {
      LOG.warn(
          "partition {}: {} failed, tried again later: {}", partition.id(), what, e.toString());
    }
  }
}
