package io.funes.server.replication;

import io.funes.server.common.PartitionId;
import io.funes.server.common.RefusedException;
import io.funes.server.common.Scheduler;
import io.funes.server.log.LogSlice;
import io.funes.server.log.OffsetGone;
import io.funes.server.replication.ReplicaFrame.Acknowledge;
import io.funes.server.replication.ReplicaFrame.Follow;
import io.funes.server.replication.ReplicaFrame.FromFollower;
import io.funes.server.replication.ReplicaFrame.FromLeader;
import io.funes.server.replication.ReplicaFrame.NotLeader;
import io.funes.server.replication.ReplicaFrame.Push;
import io.funes.server.replication.ReplicaFrame.Restart;
import io.funes.server.replication.ReplicaFrame.Unfollow;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leaders' end of the stream from one follower broker: pushes what is appended to every
 * partition that the broker follows, in turns, as fast as the stream takes it.
 *
 * <p>Who follows what changes under the instance's lock: by frames, which come one at a time, and
 * by the metadata. Partitions tell of their moves from any thread, and one task at a time pushes;
 * of that only the queue between them is locked, never while a partition is called.
 */
final class FollowerFeed implements ReplicaChannel.Receiver {
  private static final Logger LOG = LoggerFactory.getLogger(FollowerFeed.class);

  private final int followerId;
  private final long brokerEpoch;
  private final ReplicaChannel channel;
  private final Leaders leaders;
  private final Scheduler scheduler;
  private final CatchupThrottle throttle;
  private final int pushBytesMax;
  private final Consumer<FollowerFeed> onClosed;
  private final Map<PartitionId, Cursor> cursors = new ConcurrentHashMap<>();

  /** Leaders of partitions whose followers were told to cut their log or to begin it anew. */
  private final Map<PartitionId, LeaderPartition> correcting = new HashMap<>();

  /** See {@link #isEarly}. */
  private final Map<PartitionId, Follow> early = new ConcurrentHashMap<>();

  /** What is about to be sent. Outside the heap, where files and sockets take it from. */
  private ByteBuffer room = ByteBuffer.allocate(0);

  private final Queue<Cursor> due = new ArrayDeque<>();
  private boolean pushing;
  private boolean again;

  /** Who leads what on this broker. */
  interface Leaders {
    /** The leader of the partition, if this broker leads it now. */
    Optional<LeaderPartition> leader(PartitionId partition);

    /** Newest leader epoch that this broker has heard of, -1 for none. */
    int leaderEpoch(PartitionId partition);
  }

  /**
   * How far a follower has been fed. All but {@link #isDue} and {@link #isHeld} is changed by the
   * pushing task only.
   */
  private static final class Cursor {
    final LeaderPartition leader;
    long nextOffset;
    long watermarkSent = -1;
    boolean isDue;

    /** A timer will make it due. */
    volatile boolean isHeld;

    Cursor(LeaderPartition leader, long nextOffset) {
      this.leader = leader;
      this.nextOffset = nextOffset;
    }
  }

  FollowerFeed(
      int followerId,
      long brokerEpoch,
      ReplicaChannel channel,
      Leaders leaders,
      Scheduler scheduler,
      CatchupThrottle throttle,
      int pushBytesMax,
      Consumer<FollowerFeed> onClosed) {
    this.followerId = followerId;
    this.brokerEpoch = brokerEpoch;
    this.channel = channel;
    this.leaders = leaders;
    this.scheduler = scheduler;
    this.throttle = throttle;
    this.pushBytesMax = pushBytesMax;
    this.onClosed = onClosed;
  }

  @Override
  public void received(ReplicaFrame frame) {
    switch ((FromFollower) frame) {
      case Follow follow -> follows(follow);
      case Acknowledge acknowledge -> acknowledged(acknowledge);
      case Unfollow unfollow -> unfollows(unfollow);
    }
  }

  private synchronized void follows(Follow follow) {
    // In this order: a change of the metadata that comes between finds it.
    early.put(follow.partition(), follow);
    beginUnlessEarly(follow.partition());
  }

  /** One that was sent away follows no more because of that, and has not given up. */
  private synchronized void unfollows(Unfollow unfollow) {
    PartitionId partition = unfollow.partition();
    early.remove(partition);
    Cursor cursor = cursors.get(partition);
    LeaderPartition leader = cursor == null ? correcting.get(partition) : cursor.leader;
    correcting.remove(partition);
    stop(partition);
    if (leader != null && leader.leaderEpoch() == unfollow.leaderEpoch()) {
      leader.gaveUp(followerId);
    }
  }

  /**
   * The metadata has changed, and perhaps made this broker the leader that a follower waits for.
   */
  void changed(PartitionId partition) {
    // Most wait for nothing, and the metadata must not wait for another partition that begins.
    if (early.containsKey(partition)) {
      beginUnlessEarly(partition);
    }
  }

  private synchronized void beginUnlessEarly(PartitionId partition) {
    Follow follow = early.get(partition);
    if (follow == null || isEarly(follow)) {
      return;
    }
    early.remove(partition);
    leaders
        .leader(partition)
        .filter(leader -> leader.leaderEpoch() == follow.leaderEpoch())
        .ifPresentOrElse(
            leader -> begin(leader, follow),
            () -> channel.send(new NotLeader(partition, follow.leaderEpoch())));
  }

  /**
   * Said by a broker whose metadata is ahead of this one's: the leader epoch is to come, or, where
   * a reassignment adds a replica, that the broker is one. What it acknowledged until then would
   * not count.
   */
  private boolean isEarly(Follow follow) {
    int epoch = leaders.leaderEpoch(follow.partition());
    return epoch < follow.leaderEpoch()
        || (epoch == follow.leaderEpoch()
            && leaders
                .leader(follow.partition())
                .filter(leader -> !leader.isReplica(followerId))
                .isPresent());
  }

  private void begin(LeaderPartition leader, Follow follow) {
    stop(leader.id());
    correcting.remove(leader.id());
    Optional<FromLeader> first = leader.compare(follow);
    if (first.isPresent()) {
      correcting.put(leader.id(), leader);
      channel.send(first.get());
      return;
    }
    Cursor cursor = new Cursor(leader, follow.logEndOffset());
    cursors.put(leader.id(), cursor);
    leader.feed(this);
    due(cursor);
  }

  private void acknowledged(Acknowledge acknowledge) {
    Cursor cursor = cursors.get(acknowledge.partition());
    if (cursor != null && cursor.leader.leaderEpoch() == acknowledge.leaderEpoch()) {
      cursor.leader.acknowledged(followerId, brokerEpoch, acknowledge.offset());
    }
  }

  private synchronized void stop(PartitionId partition) {
    Cursor cursor = cursors.get(partition);
    if (cursor != null) {
      stop(cursor);
    }
  }

  /** False where the follower has begun anew meanwhile, or follows no more. */
  private synchronized boolean stop(Cursor cursor) {
    boolean stopped = cursors.remove(cursor.leader.id(), cursor);
    if (stopped) {
      cursor.leader.unfeed(this);
    }
    return stopped;
  }

  /** A partition's log end, watermark or leadership has moved. */
  void moved(LeaderPartition leader) {
    Cursor cursor = cursors.get(leader.id());
    if (cursor != null && cursor.leader == leader) {
      due(cursor);
    }
  }

  private void due(Cursor cursor) {
    synchronized (due) {
      if (!cursor.isDue) {
        cursor.isDue = true;
        due.add(cursor);
      }
    }
    ready();
  }

  @Override
  public void ready() {
    synchronized (due) {
      again = pushing;
      if (pushing || due.isEmpty()) {
        return;
      }
      pushing = true;
    }
    scheduler.execute(this::push);
  }

  private void push() {
    do {
      while (channel.isReady()) {
        Cursor cursor = next();
        if (cursor == null) {
          break;
        }
        if (cursors.get(cursor.leader.id()) == cursor) {
          push(cursor);
        }
      }
    } while (!pause());
  }

  private Cursor next() {
    synchronized (due) {
      Cursor cursor = due.poll();
      if (cursor != null) {
        cursor.isDue = false;
      }
      return cursor;
    }
  }

  /** False where something has come up since the last look. */
  private boolean pause() {
    synchronized (due) {
      pushing = again;
      again = false;
      return !pushing;
    }
  }

  private void push(Cursor cursor) {
    LeaderPartition leader = cursor.leader;
    boolean copies = throttle.limited() && !leader.isInSync(followerId);
    if (copies && isHeldBack(cursor)) {
      return;
    }
    try {
      long watermark = leader.highWatermark();
      try (LogSlice slice = leader.readForFollower(cursor.nextOffset, pushBytesMax)) {
        if (!slice.isEmpty() || watermark != cursor.watermarkSent) {
          channel.send(new Push(leader.id(), leader.leaderEpoch(), watermark, entries(slice)));
          cursor.watermarkSent = watermark;
          cursor.nextOffset = slice.nextOffset();
          if (copies) {
            throttle.sent(slice.length());
          }
        }
        if (!slice.isEmpty()) {
          due(cursor); // There may be more; others come first.
        }
      }
    } catch (OffsetGone e) {
      stop(cursor, new Restart(leader.id(), leader.leaderEpoch(), e.logStartOffset()));
    } catch (IOException | RefusedException e) {
      LOG.debug("{}: not fed to broker {}: {}", leader.id(), followerId, e.getMessage());
      stop(cursor, new NotLeader(leader.id(), leader.leaderEpoch()));
    } catch (RuntimeException | Error e) {
      LOG.error("{}: not fed to broker {}", leader.id(), followerId, e);
      stop(cursor, new NotLeader(leader.id(), leader.leaderEpoch()));
    }
  }

  /** It may follow again. */
  private void stop(Cursor cursor, FromLeader why) {
    if (stop(cursor)) {
      channel.send(why);
    }
  }

  /** A copy waits for its turn; the partition is asked again then, whatever has come up. */
  private boolean isHeldBack(Cursor cursor) {
    if (cursor.isHeld) {
      return true;
    }
    long delayNanos = throttle.delayNanos();
    if (delayNanos == 0) {
      return false;
    }
    cursor.isHeld = true;
    var _ =
        scheduler.schedule(
            () -> {
              cursor.isHeld = false;
              due(cursor);
            },
            delayNanos);
    return true;
  }

  private ByteBuffer entries(LogSlice slice) throws IOException {
    if (room.capacity() < slice.length()) {
      room = ByteBuffer.allocateDirect(Integer.highestOneBit(slice.length()) << 1);
    }
    return slice.bytes(room);
  }

  @Override
  public void closed() {
    onClosed.accept(this);
    synchronized (this) {
      correcting.clear();
      early.clear(); // A change of the metadata that is told to this feed yet begins nothing.
      cursors.keySet().forEach(this::stop);
    }
  }
}
