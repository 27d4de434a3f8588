package io.funes.server.log;

import io.funes.server.common.PartitionId;
import io.funes.server.log.LogRecovery.Recovered;
import io.funes.server.record.BatchLayout;
import io.funes.server.record.EntryBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The records of one partition on this broker: a folder of segments, the epochs of its leaders, and
 * what its producers have written.
 *
 * <p>Threads: appends, retention and truncation exclude each other by {@code this}; syncs,
 * checkpoints, retention and truncation by {@code durability}, which is taken first. So appends go
 * on while a sync runs. {@link LogReads Reads} take neither.
 *
 * <p>Every method that touches the disk answers a failure with a {@code RefusedException}:
 * DISK_FULL leaves the log as it was and ready to go on; STORAGE_FAILURE of a write or sync is
 * final.
 */
public final class PartitionLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PartitionLog.class);

  private final Path folder;
  private final PartitionId partition;
  private final LogEnvironment environment;
  private final LogHealth health;
  private final SegmentList segments;
  private final LeaderEpochs epochs;
  private final ProducerSequences producers;
  private final LogDurability durability;
  private final LogReads reads;

  private volatile LogConfig config;
  private volatile long logEndOffset;

  /** Guarded by durability. */
  private boolean closed;

  private PartitionLog(
      Path folder,
      PartitionId partition,
      LogConfig config,
      LogEnvironment environment,
      Recovered recovered) {
    this.folder = folder;
    this.partition = partition;
    this.config = config;
    this.environment = environment;
    this.health = new LogHealth(partition, folder);
    this.segments = new SegmentList(recovered.segments());
    this.epochs = recovered.epochs();
    this.producers = recovered.producers();
    this.durability =
        new LogDurability(
            partition, environment.checkpoints(), segments, health, recovered.coveredOffset());
    this.reads = new LogReads(segments, health);
    this.logEndOffset = segments.active().nextOffset();
  }

  /**
   * Opens the log in {@code folder}, making it where there is none, and recovers it.
   *
   * @param leaderEpochMax no batch is of a later epoch
   */
  public static PartitionLog open(
      Path folder, PartitionId id, LogConfig config, LogEnvironment environment, int leaderEpochMax)
      throws IOException {
    Recovered recovered = new LogRecovery(folder, id, config, environment, leaderEpochMax).run();
    PartitionLog log = new PartitionLog(folder, id, config, environment, recovered);
    if (recovered.changed()) {
      try {
        log.checkpoint();
      } catch (IOException e) {
        LOG.warn("{}: no checkpoint, the next start reads the log again", folder, e);
      }
    }
    return log;
  }

  /**
   * Appends the batch in {@code entry}, which is its tag, its length and the canonical batch in a
   * direct buffer. Its base offset, leader epoch and append time (0 for none) are filled in there.
   * Consumes the buffer; leaves it as it was when refused.
   */
  public synchronized Appended append(ByteBuffer entry, int leaderEpoch, long appendTimeMs)
      throws IOException {
    health.requireInService();
    entry.order(ByteOrder.LITTLE_ENDIAN);
    int at = EntryBuilder.canonicalBatchAt(entry);
    long baseOffset = logEndOffset;
    if (leaderEpoch < epochs.latest()) {
      throw new IllegalArgumentException(
          "leader epoch %d after %d".formatted(leaderEpoch, epochs.latest()));
    }
    BatchLayout.assign(entry, at, baseOffset, leaderEpoch, appendTimeMs);
    write(entry);
    return new Appended(baseOffset, logEndOffset - 1);
  }

  /**
   * Appends what a leader has: whole entries with their offsets and epochs, which must continue
   * this log. All are checked before the first is written.
   *
   * @throws ReplicaMismatch when they are damaged or do not continue it; nothing was written
   */
  public synchronized void appendReplica(ByteBuffer entries) throws IOException, ReplicaMismatch {
    health.requireInService();
    entries.order(ByteOrder.LITTLE_ENDIAN);
    ReplicaEntries.check(entries, logEndOffset, epochs.latest());
    write(entries);
  }

  /** Writes entries that are complete with their offsets and epochs, and consumes the buffer. */
  private void write(ByteBuffer entries) throws IOException {
    long nowMs = environment.ticker().epochMs();
    while (entries.hasRemaining()) {
      ByteBuffer written;
      try {
        written = writeFirst(entries, nowMs);
      } catch (IOException e) {
        throw health.writeFailed(e);
      }
      health.written();
      entries.position(written.limit());
      while (written.hasRemaining()) {
        ByteBuffer entry = ReplicaEntries.next(written);
        int at = EntryBuilder.batchAt(entry);
        epochs.replay(BatchLayout.leaderEpoch(entry, at), BatchLayout.baseOffset(entry, at));
        producers.replay(entry, at, nowMs);
        logEndOffset = BatchLayout.lastOffset(entry, at) + 1;
      }
    }
  }

  /** Those that the active segment takes, or a new one where it is full or old enough. */
  private ByteBuffer writeFirst(ByteBuffer entries, long nowMs) throws IOException {
    LogSegment active = segments.active();
    ByteBuffer fitting = active.fitting(entries, nowMs, config);
    if (!fitting.hasRemaining()) {
      active = beginSegment();
      environment.scheduler().execute(durability::seal);
      fitting = active.fitting(entries, nowMs, config);
    }
    active.append(fitting, nowMs);
    return fitting;
  }

  private LogSegment beginSegment() throws IOException {
    LogSegment next =
        LogSegment.create(environment.files(), folder, logEndOffset, config.indexIntervalBytes());
    segments.add(next);
    return next;
  }

  /**
   * Whole batches from the one that holds {@code offset}: as many as fit {@code bytesMax}, but at
   * least one, and none that reaches {@code offsetLimit}. A slice never spans segments. The caller
   * has checked the offset against the log's bounds, and closes the slice.
   *
   * @throws OffsetGone where retention was faster
   */
  public LogSlice read(long offset, int bytesMax, long offsetLimit) throws IOException {
    return reads.slice(offset, bytesMax, Math.min(offsetLimit, logEndOffset));
  }

  /** The first record with this timestamp or a later one. */
  public Optional<TimedOffset> offsetForTime(long timestampMs) throws IOException {
    return reads.offsetForTime(timestampMs);
  }

  public long logStartOffset() {
    return segments.first().baseOffset();
  }

  public long logEndOffset() {
    return logEndOffset;
  }

  /** Below it, records survive a loss of power. */
  public long flushedOffset() {
    return durability.flushedOffset();
  }

  /** Leader epoch of the newest batch, -1 where there is none. */
  public synchronized int lastEpoch() {
    return epochs.latest();
  }

  /**
   * The largest epoch up to {@code epoch} that has a batch here, and where it ends: what two
   * replicas compare to find where they part. Empty where all batches are of later epochs.
   */
  public synchronized Optional<EpochEnd> epochEnd(int epoch) {
    return epochs.endOf(epoch, logEndOffset);
  }

  public long sizeBytes() {
    return segments.sizeBytes();
  }

  public ProducerSequences producers() {
    return producers;
  }

  /** Changes the configuration from the next append and the next retention on. */
  public void configure(LogConfig newConfig) {
    config = newConfig;
  }

  /** Returns when everything appended before the call survives a loss of power. */
  public void flush() throws IOException {
    durability.flush(logEndOffset);
  }

  /**
   * Makes the log durable and stores what a restart would otherwise have to learn by reading it.
   * The part in {@link ProducerCheckpoints} lasts once that is flushed.
   */
  public void checkpoint() throws IOException {
    durability.checkpoint(this::producerCheckpoint);
  }

  synchronized ProducerCheckpoint producerCheckpoint() {
    producers.expire(environment.ticker().epochMs() - environment.producerExpirationMs());
    return producers.checkpoint(logEndOffset, epochs.boundaries());
  }

  /**
   * Deletes old segments as the configuration says, but none that reaches above the high watermark;
   * answers how many.
   */
  public int applyRetention(long nowMs, long highWatermark) throws IOException {
    synchronized (durability) {
      health.requireInService();
      long end = logEndOffset;
      LogSegment[] all = segments.all();
      int count = Retention.expired(all, config, nowMs, highWatermark);
      if (count == all.length && !leaveActiveSegment(end)) {
        count--;
      }
      if (count > 0) {
        coverTo(segments.all()[count].baseOffset());
        synchronized (this) {
          segments.keep(count, segments.all().length);
        }
        SegmentList.remove(Arrays.asList(all).subList(0, count), environment.files(), folder);
        synchronized (this) {
          epochs.cutStart(logStartOffset());
        }
        LOG.info("{}: deleted {} segments, starts at {}", folder, count, logStartOffset());
      }
      return count;
    }
  }

  /** Best effort: where there is no room for a checkpoint, retention must make some. */
  private void coverTo(long offset) {
    try {
      durability.coverTo(offset, this::producerCheckpoint);
    } catch (IOException e) {
      LOG.warn("{}: a crash could forget producers of what retention deletes now", folder, e);
    }
  }

  /**
   * Begins a new segment, unless records have come since the log ended at {@code end}. It is
   * durable before the others go, or a crash could leave a log that begins at 0 again.
   */
  private synchronized boolean leaveActiveSegment(long end) throws IOException {
    if (logEndOffset != end) {
      return false;
    }
    beginSegment();
    environment.files().forceFolder(folder);
    return true;
  }

  /** Cuts the log so that it ends at {@code offset}, or before it where that is within a batch. */
  public void truncateTo(long offset) throws IOException {
    synchronized (durability) {
      synchronized (this) {
        health.requireInService();
        if (offset < logStartOffset()) {
          throw new IllegalArgumentException(
              "cut to %d before the start %d".formatted(offset, logStartOffset()));
        }
        try {
          if (offset < logEndOffset) {
            cutTo(offset);
          }
          epochs.cutEnd(logEndOffset);
        } catch (IOException e) {
          throw health.outOfService(e);
        }
      }
    }
  }

  /**
   * Empties the log, which goes on at {@code offset}: where the log of a leader begins that has
   * nothing in common with it any more.
   */
  public void restartAt(long offset) throws IOException {
    synchronized (durability) {
      synchronized (this) {
        health.requireInService();
        List<LogSegment> gone = Arrays.asList(segments.all());
        try {
          durability.forgetAll(offset);
          epochs.cutEnd(0);
          // Their names first: the new one may have one of them. Closed last: a reader that finds
          // its segment closed looks for it in the list again.
          SegmentList.unlink(gone);
          logEndOffset = offset;
          beginSegment();
          segments.keep(gone.size(), gone.size() + 1);
          environment.files().forceFolder(folder);
        } catch (IOException e) {
          throw health.outOfService(e);
        } finally {
          SegmentList.close(gone);
        }
        producers.clear();
      }
    }
  }

  private void cutTo(long offset) throws IOException {
    LogSegment[] all = segments.all();
    int last = SegmentList.indexOf(all, offset);
    SegmentIndex kept = all[last].indexBefore(offset);
    long end = all[last].baseOffset() + kept.nextOffset();
    durability.forgetFrom(end);
    segments.keep(0, last + 1);
    List<LogSegment> gone = Arrays.asList(all).subList(last + 1, all.length);
    try {
      if (all[last].cutTo(kept) || !gone.isEmpty()) {
        SegmentList.remove(gone, environment.files(), folder);
      }
    } finally {
      SegmentList.close(gone);
    }
    logEndOffset = end;
    if (!producers.cutTo(end)) {
      ProducerReplay.run(producers, partition, segments.all(), environment);
    }
  }

  /** For good, after a disk error; or a write has met a full disk since this was last asked. */
  public boolean takeTrouble() {
    boolean full = health.takeFull();
    return full || health.failed();
  }

  /** Makes a checkpoint, so that the next start reads nothing, and closes the files. */
  @Override
  public void close() throws IOException {
    synchronized (durability) {
      if (closed) {
        return;
      }
      closed = true;
      try {
        if (health.inService()) {
          checkpoint();
        }
      } finally {
        health.closed();
        SegmentList.close(Arrays.asList(segments.all()));
      }
    }
  }

  /** Closes the log and removes all that is on disk. */
  public void delete() throws IOException {
    synchronized (durability) {
      synchronized (this) {
        closed = true;
        health.closed();
        environment.checkpoints().remove(partition);
        SegmentList.remove(Arrays.asList(segments.all()), environment.files(), folder);
        for (Path file : environment.files().list(folder)) {
          environment.files().delete(file);
        }
        environment.files().deleteFolder(folder);
      }
    }
  }
}
