package io.funes.server.replication;

import io.funes.server.common.PartitionId;
import io.funes.server.common.Refusal;
import io.funes.server.common.RefusedException;
import io.funes.server.common.Ticker;
import io.funes.server.log.Appended;
import io.funes.server.log.LogSlice;
import io.funes.server.log.OffsetGone;
import io.funes.server.log.PartitionLog;
import io.funes.server.log.TimedOffset;
import io.funes.server.log.Verdict;
import io.funes.server.record.BatchLayout;
import io.funes.server.record.EntryBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The leader's side of one partition: decides whether a batch may be appended, owns the high
 * watermark, and answers appends when it passes them. Appends, the watermark and the waiting
 * answers are guarded by the instance's lock; reads take none.
 */
public final class LeaderPartition {
  private final PartitionId id;
  private final int leaderEpoch;
  private final PartitionLog log;
  private final DiskGate diskGate;
  private final FlushQueue flushQueue;
  private final ProducerFence fence;
  private final PartitionMetrics metrics;
  private final Ticker ticker;
  private final ArrayDeque<WaitingAppend> waiting = new ArrayDeque<>();
  private final CopyOnWriteArrayList<Runnable> watchers = new CopyOnWriteArrayList<>();
  private volatile TopicRules rules;
  private volatile long highWatermark;
  private volatile Refusal closed;

  private record WaitingAppend(
      long baseOffset,
      long lastOffset,
      long appendTimeMs,
      boolean deduplicated,
      AppendCallback callback) {
    void complete() {
      callback.appended(baseOffset, lastOffset, appendTimeMs, deduplicated);
    }
  }

  LeaderPartition(
      PartitionId id,
      int leaderEpoch,
      PartitionLog log,
      TopicRules rules,
      PartitionEnvironment environment) {
    this.id = id;
    this.leaderEpoch = leaderEpoch;
    this.log = log;
    this.rules = rules;
    this.diskGate = environment.diskGate();
    this.flushQueue = environment.flushQueue();
    this.fence = environment.fence();
    this.metrics = environment.metrics();
    this.ticker = environment.ticker();
    this.highWatermark = log.logEndOffset();
  }

  public PartitionId id() {
    return id;
  }

  public TopicRules rules() {
    return rules;
  }

  public long logStartOffset() {
    return log.logStartOffset();
  }

  /** One past the last offset that readers see. */
  public long highWatermark() {
    return highWatermark;
  }

  /**
   * Appends a validated entry (see {@link EntryBuilder}) or finds that it was appended before.
   *
   * @throws RefusedException when nothing was written
   */
  public void append(ByteBuffer entry, AppendTerms terms, AppendCallback callback) {
    long before;
    synchronized (this) {
      before = highWatermark;
      WaitingAppend append = decide(entry, terms, callback);
      if (terms.acks() != Acks.ALL || append.lastOffset < highWatermark) {
        append.complete();
      } else {
        waiting.add(append);
      }
    }
    if (highWatermark != before) {
      wakeWatchers();
    }
  }

  private WaitingAppend decide(ByteBuffer entry, AppendTerms terms, AppendCallback callback) {
    checkOpen();
    int at = EntryBuilder.batchAt(entry);
    long producerId = BatchLayout.producerId(entry, at);
    if (producerId != 0) {
      Verdict.Duplicate duplicate = checkSequence(entry, at, producerId, terms.gapsAllowed());
      if (duplicate != null) {
        metrics.duplicateBatches().increment();
        return new WaitingAppend(
            duplicate.baseOffset(),
            duplicate.lastOffset(),
            duplicate.appendTimeMs(),
            true,
            callback);
      }
    }
    if (terms.expectedOffset() != AppendTerms.ANY_OFFSET
        && terms.expectedOffset() != log.logEndOffset()) {
      throw PartitionRefusals.offsetMismatch(terms.expectedOffset(), log.logEndOffset());
    }
    diskGate.check();
    long appendTimeMs = rules.appendTime() ? ticker.epochMs() : 0;
    int bytes = entry.remaining();
    Appended appended = write(entry, appendTimeMs);
    metrics.appendedRecords().add(appended.lastOffset() - appended.baseOffset() + 1);
    metrics.appendedBytes().add(bytes);
    if (rules.flush() == FlushPolicy.BEFORE_ACK) {
      flushQueue.add(this);
    } else {
      highWatermark = appended.lastOffset() + 1;
    }
    return new WaitingAppend(
        appended.baseOffset(), appended.lastOffset(), appendTimeMs, false, callback);
  }

  private Appended write(ByteBuffer entry, long appendTimeMs) {
    try {
      return log.append(entry, leaderEpoch, appendTimeMs);
    } catch (IOException e) {
      throw PartitionRefusals.storageFailure(id, e).exception();
    }
  }

  private Verdict.Duplicate checkSequence(
      ByteBuffer entry, int at, long producerId, boolean gapsAllowed) {
    int sequence = BatchLayout.baseSequence(entry, at);
    int epoch = BatchLayout.producerEpoch(entry, at);
    OptionalInt newest = fence.newestEpoch(producerId);
    if (newest.isPresent() && epoch < newest.getAsInt()) {
      throw PartitionRefusals.staleEpoch(producerId, newest.getAsInt());
    }
    int count = BatchLayout.recordCount(entry, at);
    Verdict verdict =
        gapsAllowed
            ? log.producers().checkRising(producerId, epoch, sequence, count)
            : log.producers().check(producerId, epoch, sequence, count);
    return switch (verdict) {
      case Verdict.Fresh fresh -> null;
      case Verdict.Duplicate duplicate -> duplicate;
      case Verdict.Gap gap ->
          throw PartitionRefusals.sequenceGap(producerId, gap.expectedSequence(), sequence);
      case Verdict.StaleEpoch stale ->
          throw PartitionRefusals.staleEpoch(producerId, stale.currentEpoch());
    };
  }

  /**
   * Whole batches from the one that holds {@code offset}, below the high watermark and the limit;
   * perhaps none. The caller closes the slice.
   */
  public LogSlice read(long offset, int bytesMax, long limitOffset) {
    checkOpen();
    long visible = highWatermark;
    checkRange(offset, visible);
    try {
      LogSlice slice = log.read(offset, bytesMax, Math.min(visible, limitOffset));
      metrics.readBytes().add(slice.length());
      return slice;
    } catch (OffsetGone e) {
      throw PartitionRefusals.outOfRange(offset, e.logStartOffset(), visible);
    } catch (IOException e) {
      throw PartitionRefusals.storageFailure(id, e).exception();
    }
  }

  /** Refuses an offset that is below the log's start or above {@code visible}. */
  private void checkRange(long offset, long visible) {
    long start = log.logStartOffset();
    if (offset < start || offset > visible) {
      throw PartitionRefusals.outOfRange(offset, start, visible);
    }
  }

  /** The first record at or after a time, if one is below the high watermark. */
  public Optional<TimedOffset> offsetForTime(long timestampMs) {
    checkOpen();
    try {
      return log.offsetForTime(timestampMs).filter(found -> found.offset() < highWatermark);
    } catch (IOException e) {
      throw PartitionRefusals.storageFailure(id, e).exception();
    }
  }

  /**
   * Runs {@code watcher} after each move of the high watermark, and when the partition goes away.
   * It must not block.
   */
  public void watch(Runnable watcher) {
    watchers.add(watcher);
  }

  public void unwatch(Runnable watcher) {
    watchers.remove(watcher);
  }

  /**
   * Called by the flush queue: makes durable what was appended and answers those that wait for it.
   */
  void flush() {
    try {
      log.flush();
      flushed(log.flushedOffset());
    } catch (IOException e) {
      failWaiting(PartitionRefusals.storageFailure(id, e));
    } catch (RefusedException e) {
      failWaiting(e.refusal());
    }
  }

  private void flushed(long flushedOffset) {
    synchronized (this) {
      if (flushedOffset > highWatermark) {
        highWatermark = flushedOffset;
      }
      while (!waiting.isEmpty() && waiting.peek().lastOffset < highWatermark) {
        waiting.poll().complete();
      }
    }
    wakeWatchers();
  }

  private synchronized void failWaiting(Refusal refusal) {
    for (WaitingAppend append; (append = waiting.poll()) != null; ) {
      append.callback.refused(refusal);
    }
  }

  void configure(TopicRules newRules) {
    rules = newRules;
    if (newRules.flush() != FlushPolicy.BEFORE_ACK) {
      flushed(log.logEndOffset());
    }
  }

  PartitionLog log() {
    return log;
  }

  /** Ends service: appends that wait and all later calls are refused with {@code why}. */
  void close(Refusal why) {
    closed = why;
    failWaiting(why);
    wakeWatchers();
  }

  private void checkOpen() {
    Refusal why = closed;
    if (why != null) {
      throw why.exception();
    }
  }

  private void wakeWatchers() {
    for (Runnable watcher : watchers) {
      watcher.run();
    }
  }
}
