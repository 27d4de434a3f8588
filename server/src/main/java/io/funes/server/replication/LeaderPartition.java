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
import io.funes.server.metadata.InSyncChange;
import io.funes.server.metadata.InSyncChange.Member;
import io.funes.server.metadata.PartitionImage;
import io.funes.server.record.BatchLayout;
import io.funes.server.record.EntryBuilder;
import io.funes.server.replication.ReplicaFrame.Follow;
import io.funes.server.replication.ReplicaFrame.FromLeader;
import io.funes.server.replication.WaitingAppends.WaitingAppend;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The leader's side of one partition in one leader epoch: decides whether a batch may be appended,
 * owns the high watermark, answers appends when it passes them, and feeds the followers. Appends,
 * the watermark and the waiting answers are guarded by the instance's lock; reads take none.
 */
public final class LeaderPartition implements ReadablePartition, FlushQueue.Flushed {
  private final PartitionId id;
  private final int leaderEpoch;
  private final PartitionLog log;
  private final DiskGate diskGate;
  private final FlushQueue flushQueue;
  private final ProducerChecks producers;
  private final PartitionMetrics metrics;
  private final Ticker ticker;
  private final InSyncReplicas inSync;
  private final Consumer<LeaderPartition> inSyncOutdated;
  private final WaitingAppends waiting = new WaitingAppends();
  private final Watchers watchers = new Watchers();
  private final CopyOnWriteArrayList<FollowerFeed> feeds = new CopyOnWriteArrayList<>();
  private volatile TopicRules rules;
  private volatile long highWatermark;
  private volatile Refusal closed;

  /**
   * @param highWatermark as this replica knew it while it followed
   */
  LeaderPartition(
      PartitionId id,
      PartitionImage image,
      PartitionLog log,
      long highWatermark,
      TopicRules rules,
      PartitionEnvironment environment) {
    this.id = id;
    this.leaderEpoch = image.leaderEpoch();
    this.log = log;
    this.rules = rules;
    this.diskGate = environment.diskGate();
    this.flushQueue = environment.flushQueue();
    this.producers = new ProducerChecks(log.producers(), environment.fence());
    this.metrics = environment.metrics();
    this.ticker = environment.ticker();
    this.inSyncOutdated = environment.inSyncOutdated();
    this.inSync =
        new InSyncReplicas(
            id,
            environment.brokerId(),
            image,
            rules.minInSync(),
            log.logEndOffset(),
            highWatermark,
            ticker.nanos());
    synchronized (this) { // The flush queue may be quick.
      ownProgress();
    }
  }

  @Override
  public PartitionId id() {
    return id;
  }

  public int leaderEpoch() {
    return leaderEpoch;
  }

  public TopicRules rules() {
    return rules;
  }

  @Override
  public long logStartOffset() {
    return log.logStartOffset();
  }

  @Override
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
      if (terms.acks() != Acks.ALL || append.lastOffset() < highWatermark) {
        append.complete();
      } else {
        waiting.add(append);
      }
    }
    for (FollowerFeed feed : feeds) {
      feed.moved(this);
    }
    if (highWatermark != before) {
      watchers.wake();
    }
  }

  private WaitingAppend decide(ByteBuffer entry, AppendTerms terms, AppendCallback callback) {
    checkOpen();
    if (terms.acks() == Acks.ALL && !inSync.enough()) {
      throw PartitionRefusals.notEnoughReplicas(inSync.image(), rules.minInSync()).exception();
    }
    int at = EntryBuilder.batchAt(entry);
    long producerId = BatchLayout.producerId(entry, at);
    if (producerId != 0) {
      Verdict.Duplicate duplicate = producers.check(entry, at, producerId, terms.gapsAllowed());
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
      inSync.own(appended.lastOffset() + 1);
      highWatermark = inSync.highWatermark();
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

  @Override
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

  /**
   * Refuses an offset that is out of the log. Above the high watermark there is nothing to read
   * yet: a new leader may have to learn that it is as high as readers have seen it.
   */
  private void checkRange(long offset, long visible) {
    long start = log.logStartOffset();
    if (offset < start || offset > log.logEndOffset()) {
      throw PartitionRefusals.outOfRange(offset, start, visible);
    }
  }

  @Override
  public Optional<TimedOffset> offsetForTime(long timestampMs) {
    checkOpen();
    try {
      return log.offsetForTime(timestampMs).filter(found -> found.offset() < highWatermark);
    } catch (IOException e) {
      throw PartitionRefusals.storageFailure(id, e).exception();
    }
  }

  @Override
  public void watch(Runnable watcher) {
    watchers.add(watcher);
  }

  @Override
  public void unwatch(Runnable watcher) {
    watchers.remove(watcher);
  }

  /** Called by the flush queue. */
  @Override
  public void flush() {
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
      inSync.own(flushedOffset);
      settle();
    }
    moved();
  }

  /** Publishes the watermark, answers what it has passed, and tells who could come in sync. */
  private void settle() {
    highWatermark = inSync.highWatermark();
    waiting.completeBelow(highWatermark);
    if (inSync.takeCaughtUp()) {
      inSyncOutdated.accept(this);
    }
  }

  /** What of this log counts towards the high watermark. */
  private void ownProgress() {
    if (rules.flush() == FlushPolicy.BEFORE_ACK) {
      inSync.own(log.flushedOffset());
      flushQueue.add(this);
    } else {
      inSync.own(log.logEndOffset());
    }
    highWatermark = inSync.highWatermark();
  }

  private synchronized void failWaiting(Refusal refusal) {
    waiting.refuse(refusal);
  }

  void configure(TopicRules newRules) {
    synchronized (this) {
      rules = newRules;
      ownProgress();
      settle();
    }
    moved();
  }

  /** What the metadata says of the same leader epoch. */
  void changed(PartitionImage image) {
    synchronized (this) {
      inSync.changed(image, rules.minInSync(), ticker.nanos());
      settle();
      if (!inSync.enough()) {
        waiting.refuse(PartitionRefusals.notEnoughReplicasAfterAppend(image, rules.minInSync()));
      }
    }
    moved();
  }

  /** The change of the in-sync replicas to ask the controller for, if there is one. */
  synchronized Optional<InSyncChange> proposal(long lagNanosMax, Predicate<Member> active) {
    return closed == null
        ? inSync.propose(log.logEndOffset(), ticker.nanos(), lagNanosMax, active)
        : Optional.empty();
  }

  /** The controller has answered what was asked for. */
  void answered(InSyncChange change) {
    synchronized (this) {
      inSync.answered(change);
      settle();
    }
    moved();
  }

  /** A follower has all below {@code offset}, in this leader epoch. */
  void acknowledged(int brokerId, long brokerEpoch, long offset) {
    long before = highWatermark;
    synchronized (this) {
      if (closed == null) {
        inSync.acknowledged(brokerId, brokerEpoch, offset, log.logEndOffset(), ticker.nanos());
        settle();
      }
    }
    if (highWatermark != before) {
      moved();
    }
  }

  /** A follower takes nothing more, until it follows again. */
  void gaveUp(int brokerId) {
    synchronized (this) {
      if (closed != null) {
        return;
      }
      inSync.gaveUp(brokerId);
    }
    inSyncOutdated.accept(this);
  }

  /** Whether the metadata has the broker among the replicas. */
  synchronized boolean isReplica(int brokerId) {
    return inSync.image().replicas().contains(brokerId);
  }

  /** Whether the metadata has the broker among the in-sync replicas. */
  synchronized boolean isInSync(int brokerId) {
    return inSync.image().inSync().contains(brokerId);
  }

  /** One past the last offset of each follower, -1 where it was not heard of. */
  synchronized Map<Integer, Long> followerOffsets() {
    return inSync.followerOffsets();
  }

  /** Compares a follower's log with this one; empty where it is a part of this one. */
  Optional<FromLeader> compare(Follow follow) {
    return LogComparison.compare(log, follow);
  }

  /** For a follower: also what is above the high watermark. The caller closes the slice. */
  LogSlice readForFollower(long offset, int bytesMax) throws IOException {
    checkOpen();
    return log.read(offset, bytesMax, Long.MAX_VALUE);
  }

  void feed(FollowerFeed feed) {
    feeds.addIfAbsent(feed);
  }

  void unfeed(FollowerFeed feed) {
    feeds.remove(feed);
  }

  PartitionLog log() {
    return log;
  }

  /**
   * Ends service: appends that wait and all later calls are refused with {@code why}, and nothing
   * is written after this call.
   */
  void close(Refusal why) {
    synchronized (this) {
      closed = why;
      waiting.refuse(why);
    }
    moved();
  }

  private void checkOpen() {
    Refusal why = closed;
    if (why != null) {
      throw why.exception();
    }
  }

  /** Called without the lock, after the watermark may have moved. */
  private void moved() {
    feeds.forEach(feed -> feed.moved(this));
    watchers.wake();
  }
}
