package io.funes.server.replication;

import io.funes.server.common.PartitionId;
import io.funes.server.common.Refusal;
import io.funes.server.common.RefusedException;
import io.funes.server.log.EpochEnd;
import io.funes.server.log.LogSlice;
import io.funes.server.log.OffsetGone;
import io.funes.server.log.PartitionLog;
import io.funes.server.log.ReplicaMismatch;
import io.funes.server.log.TimedOffset;
import io.funes.server.metadata.PartitionImage;
import io.funes.server.replication.ReplicaFrame.Acknowledge;
import io.funes.server.replication.ReplicaFrame.Diverged;
import io.funes.server.replication.ReplicaFrame.Follow;
import io.funes.server.replication.ReplicaFrame.FromLeader;
import io.funes.server.replication.ReplicaFrame.NotLeader;
import io.funes.server.replication.ReplicaFrame.Push;
import io.funes.server.replication.ReplicaFrame.Restart;
import io.funes.server.replication.ReplicaFrame.Unfollow;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The follower's side of one partition in one leader epoch: makes its log a part of the leader's,
 * then takes what the leader pushes. Guarded by the instance's lock; reads take none.
 *
 * <p>Until the first push the logs may differ, so nothing is acknowledged and no high watermark is
 * believed before it: what is below the watermark of the leader need not be the same here. The
 * first push is acknowledged whatever it holds, later ones when they hold entries.
 *
 * <p>In sync it serves readers up to its own high watermark (KIP-392). It has all that is below the
 * leader's then, so whoever was elsewhere before finds the place here and waits, perhaps, for the
 * watermark. What a reader asks for and this log does not have is for the leader to judge.
 */
final class FollowerPartition implements ReadablePartition, FlushQueue.Flushed {
  private static final Logger LOG = LoggerFactory.getLogger(FollowerPartition.class);

  private final PartitionId id;
  private final int leaderId;
  private final int leaderEpoch;
  private final PartitionLog log;
  private final PartitionEnvironment environment;
  private final ToLeader toLeader;
  private final Watchers watchers = new Watchers();
  private volatile TopicRules rules;
  private volatile long highWatermark;

  /** Why nothing is read here, null where it is: what readers are told. */
  private volatile Refusal unreadable;

  /** Nothing has been pushed since this last said where its log ends. */
  private boolean awaitsFirst = true;

  private boolean closed;

  /** Until it follows again, what still comes does not fit. */
  private boolean waiting;

  /** It has said that it cannot follow, and has not taken anything since. */
  private boolean complained;

  /** What a follower says. */
  interface ToLeader {
    /** To be sent now, or dropped where there is no stream. */
    void send(ReplicaFrame frame);

    /** To {@link #followAgain} after a while. */
    void followLater(FollowerPartition partition);
  }

  FollowerPartition(
      PartitionId id,
      PartitionImage image,
      PartitionLog log,
      long highWatermark,
      TopicRules rules,
      PartitionEnvironment environment,
      ToLeader toLeader) {
    this.id = id;
    this.leaderId = image.leaderId();
    this.leaderEpoch = image.leaderEpoch();
    this.log = log;
    this.highWatermark = highWatermark;
    this.rules = rules;
    this.environment = environment;
    this.toLeader = toLeader;
    changed(image);
  }

  @Override
  public PartitionId id() {
    return id;
  }

  int leaderId() {
    return leaderId;
  }

  int leaderEpoch() {
    return leaderEpoch;
  }

  @Override
  public long logStartOffset() {
    return log.logStartOffset();
  }

  /** Below it, records are in the logs of all in-sync replicas and in this one. */
  @Override
  public long highWatermark() {
    return highWatermark;
  }

  /** Whether readers may come, as far as the metadata says. */
  boolean readable() {
    return unreadable == null && environment.links().isHeard();
  }

  @Override
  public LogSlice read(long offset, int bytesMax, long limitOffset) {
    checkReadable();
    long visible = highWatermark;
    if (offset < log.logStartOffset() || offset > log.logEndOffset()) {
      throw asTheLeader().exception();
    }
    try {
      LogSlice slice = log.read(offset, bytesMax, Math.min(visible, limitOffset));
      environment.metrics().readBytes().add(slice.length());
      return slice;
    } catch (OffsetGone e) {
      throw asTheLeader().exception();
    } catch (IOException e) {
      throw PartitionRefusals.storageFailure(id, e).exception();
    }
  }

  @Override
  public Optional<TimedOffset> offsetForTime(long timestampMs) {
    checkReadable();
    long visible = highWatermark;
    try {
      return log.offsetForTime(timestampMs).filter(found -> found.offset() < visible);
    } catch (IOException e) {
      throw PartitionRefusals.storageFailure(id, e).exception();
    }
  }

  private void checkReadable() {
    Refusal why = unreadable;
    if (why != null) {
      throw why.exception();
    }
    if (!environment.links().isHeard()) {
      throw asTheLeader().exception();
    }
  }

  private Refusal asTheLeader() {
    return PartitionRefusals.notLeader(id, leaderId, leaderEpoch);
  }

  @Override
  public void watch(Runnable watcher) {
    watchers.add(watcher);
  }

  @Override
  public void unwatch(Runnable watcher) {
    watchers.remove(watcher);
  }

  /** What the metadata says of the same leader epoch. */
  void changed(PartitionImage image) {
    boolean inSync = image.inSync().contains(environment.brokerId());
    unreadable = inSync ? null : asTheLeader();
    if (!inSync) {
      watchers.wake();
    }
  }

  void configure(TopicRules newRules) {
    rules = newRules;
  }

  /** Tells the leader where this log ends. */
  synchronized void follow() {
    if (!closed) {
      waiting = false;
      awaitsFirst = true;
      toLeader.send(new Follow(id, leaderEpoch, log.logEndOffset(), log.lastEpoch()));
    }
  }

  /** Likewise, unless that was done meanwhile. */
  synchronized void followAgain() {
    if (waiting) {
      follow();
    }
  }

  /** Takes a frame of the leader; one of another epoch is dropped. */
  void take(FromLeader frame) {
    long before = highWatermark;
    obey(frame);
    if (highWatermark != before) {
      watchers.wake();
    }
  }

  private synchronized void obey(FromLeader frame) {
    if (closed || waiting || frame.leaderEpoch() != leaderEpoch) {
      return;
    }
    try {
      switch (frame) {
        case Push push -> push(push);
        case Diverged diverged -> cut(diverged);
        case Restart restart -> restart(restart);
        case NotLeader _ -> followLater();
      }
    } catch (ReplicaMismatch e) {
      complain("what it pushed does not fit: " + e.getMessage());
      followLater();
    } catch (IOException | RefusedException e) {
      complain(e.getMessage());
      followLater();
    }
  }

  /** Once, though it tries again and again. */
  private void complain(String why) {
    Level level = complained ? Level.DEBUG : Level.WARN;
    complained = true;
    LOG.atLevel(level).log("{}: cannot follow broker {} now: {}", id, leaderId, why);
  }

  /** Once, however many frames are on their way, and the leader sends no more of them. */
  private void followLater() {
    waiting = true;
    toLeader.send(new Unfollow(id, leaderEpoch));
    toLeader.followLater(this);
  }

  private void push(Push push) throws IOException, ReplicaMismatch {
    if (push.entries().hasRemaining()) {
      environment.diskGate().checkReplica();
    }
    boolean tellsNothingNew = !awaitsFirst && !push.entries().hasRemaining();
    log.appendReplica(push.entries());
    awaitsFirst = false;
    complained = false;
    highWatermark = Math.max(highWatermark, Math.min(push.highWatermark(), log.logEndOffset()));
    if (tellsNothingNew) {
      return;
    }
    if (rules.flush() == FlushPolicy.BEFORE_ACK && log.flushedOffset() < log.logEndOffset()) {
      environment.flushQueue().add(this);
    } else {
      acknowledge(log.logEndOffset());
    }
  }

  /** Called by the flush queue. */
  @Override
  public void flush() {
    try {
      log.flush();
      acknowledge(log.flushedOffset());
    } catch (IOException | RefusedException e) {
      LOG.warn("{}: not flushed and not acknowledged: {}", id, e.getMessage());
    }
  }

  private synchronized void acknowledge(long offset) {
    if (!closed) {
      toLeader.send(new Acknowledge(id, leaderEpoch, offset));
    }
  }

  /**
   * To the leader's end of the epoch that both know; where this log does not know it, to the end of
   * the newest before it, and the next answer tells more.
   */
  private void cut(Diverged diverged) throws IOException {
    Optional<EpochEnd> own = log.epochEnd(diverged.epoch());
    long end =
        own.map(known ->
                known.epoch() == diverged.epoch()
                    ? Math.min(known.endOffset(), diverged.endOffset())
                    : known.endOffset())
            .orElse(log.logStartOffset());
    LOG.info("{}: cut from {} to {}, as broker {} has it", id, log.logEndOffset(), end, leaderId);
    log.truncateTo(Math.max(end, log.logStartOffset()));
    watermarkFallsWithTheLog();
    follow();
  }

  private void restart(Restart restart) throws IOException {
    LOG.info("{}: begins anew at {}, as broker {} has it", id, restart.logStartOffset(), leaderId);
    log.restartAt(restart.logStartOffset());
    watermarkFallsWithTheLog();
    follow();
  }

  /**
   * Only a leader that was elected unclean takes away what was committed; what it puts in its place
   * is not committed yet.
   */
  private void watermarkFallsWithTheLog() {
    highWatermark = Math.min(highWatermark, log.logEndOffset());
  }

  /** The epoch is over: after this call nothing more is written, and reads are refused. */
  void close(Refusal why) {
    synchronized (this) {
      closed = true;
    }
    unreadable = why;
    watchers.wake();
  }
}
