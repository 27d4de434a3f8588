package io.funes.server.log;

import io.funes.server.common.PartitionId;
import java.io.IOException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Syncs a log's segments, stores their indexes and makes checkpoints. Its own lock is held
 * meanwhile: one sync at a time, appends go on. Who removes or cuts segments holds it too.
 */
final class LogDurability {
  private static final Logger LOG = LoggerFactory.getLogger(LogDurability.class);

  private final PartitionId partition;
  private final ProducerCheckpoints checkpoints;
  private final SegmentList segments;
  private final LogHealth health;

  private volatile long flushedOffset;

  /** Offset of the stored checkpoint, -1 for none. */
  private long checkpointOffset;

  LogDurability(
      PartitionId partition,
      ProducerCheckpoints checkpoints,
      SegmentList segments,
      LogHealth health,
      long checkpointOffset) {
    this.partition = partition;
    this.checkpoints = checkpoints;
    this.segments = segments;
    this.health = health;
    this.checkpointOffset = checkpointOffset;
    this.flushedOffset = segments.active().nextOffset();
  }

  long flushedOffset() {
    return flushedOffset;
  }

  /** Syncs until everything below {@code offset} is durable. */
  synchronized void flush(long offset) {
    if (flushedOffset >= offset) {
      return;
    }
    health.requireInService();
    forceOrStop(segments.all());
    flushedOffset = Math.max(flushedOffset, offset);
  }

  /** Syncs the segments that are full and stores their indexes. */
  synchronized void seal() {
    if (!health.inService()) {
      return;
    }
    LogSegment[] all = segments.all();
    try {
      force(all, all.length - 1);
    } catch (IOException e) {
      health.outOfService(e);
      return;
    }
    flushedOffset = Math.max(flushedOffset, all[all.length - 1].baseOffset());
    storeIndexes(all, all.length - 1);
  }

  /**
   * Syncs, then stores the indexes and the checkpoint that {@code covering} takes at its beginning.
   */
  synchronized void checkpoint(Supplier<ProducerCheckpoint> covering) throws IOException {
    health.requireInService(); // With the lock: a deletion may have held it until now.
    ProducerCheckpoint checkpoint = covering.get();
    flush(checkpoint.coveredOffset());
    LogSegment[] all = segments.all();
    forceOrStop(all);
    storeIndexes(all, all.length);
    if (checkpoint.coveredOffset() != checkpointOffset) {
      checkpoints.store(partition, checkpoint);
      checkpointOffset = checkpoint.coveredOffset();
    }
  }

  /**
   * Before the segments below {@code offset} go: what only they tell of producers must outlive
   * them.
   */
  synchronized void coverTo(long offset, Supplier<ProducerCheckpoint> covering) throws IOException {
    if (checkpointOffset < offset) {
      checkpoint(covering);
      checkpoints.flush();
    }
  }

  /**
   * Before the log is cut to {@code offset}: nothing that is stored may speak of what comes after.
   */
  synchronized void forgetFrom(long offset) throws IOException {
    if (checkpointOffset > offset) {
      checkpoints.remove(partition);
      checkpoints.flush();
      checkpointOffset = -1;
    }
    flushedOffset = Math.min(flushedOffset, offset);
  }

  /** Before the log is emptied, to go on at {@code offset}. */
  synchronized void forgetAll(long offset) throws IOException {
    checkpoints.remove(partition);
    checkpoints.flush();
    checkpointOffset = -1;
    flushedOffset = offset;
  }

  private void forceOrStop(LogSegment[] all) {
    try {
      force(all, all.length);
    } catch (IOException e) {
      throw health.outOfService(e);
    }
  }

  /** From the newest to the first that has nothing new: sealed ones have been synced in order. */
  private static void force(LogSegment[] all, int count) throws IOException {
    for (int i = count - 1; i >= 0; i--) {
      if (!all[i].force() && i < all.length - 1) {
        return;
      }
    }
  }

  /** Best effort: an index that is not stored is built again when it is needed. */
  private void storeIndexes(LogSegment[] all, int count) {
    try {
      for (int i = 0; i < count; i++) {
        all[i].storeIndex();
        if (i < all.length - 1) {
          all[i].releaseIndex();
        }
      }
    } catch (IOException e) {
      LOG.warn("{}: indexes not stored", all[0].file().path(), e);
    }
  }
}
