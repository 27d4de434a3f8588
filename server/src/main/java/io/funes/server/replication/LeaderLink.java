package io.funes.server.replication;

import io.funes.server.common.PartitionId;
import io.funes.server.common.Scheduler;
import io.funes.server.replication.ReplicaFrame.FromLeader;
import io.funes.server.replication.ReplicaFrame.Unfollow;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The followers' end of the stream to one leader broker: makes it when the first partition follows,
 * anew after it has broken while there is one, and passes frames to and fro.
 *
 * <p>Its lock guards which stream is the current one and when the next is made. A partition is
 * never called under it; it is taken under a partition's, by each frame that arrives.
 */
final class LeaderLink implements FollowerPartition.ToLeader {
  private static final long RETRY_MS_MIN = 20;
  private static final long RETRY_MS_MAX = 1_000;

  private final int leaderId;
  private final ReplicaChannel.Connector connector;
  private final Scheduler scheduler;
  private final Map<PartitionId, FollowerPartition> partitions = new ConcurrentHashMap<>();
  private Stream stream;
  private long retryMs = RETRY_MS_MIN;
  private boolean retrying;
  private boolean closed;

  LeaderLink(int leaderId, ReplicaChannel.Connector connector, Scheduler scheduler) {
    this.leaderId = leaderId;
    this.connector = connector;
    this.scheduler = scheduler;
  }

  /** Frames of an earlier stream than the current one are dropped. */
  private final class Stream implements ReplicaChannel.Receiver {
    private ReplicaChannel channel;

    @Override
    public void received(ReplicaFrame frame) {
      FollowerPartition partition = partitions.get(frame.partition());
      if (partition == null) {
        heard(this);
        return;
      }
      // So that no frame of this stream comes after the partition follows on the next one.
      synchronized (partition) {
        if (heard(this)) {
          partition.take((FromLeader) frame);
        }
      }
    }

    @Override
    public void ready() {
      // What a follower says is small, and little: it is not held back.
    }

    @Override
    public void closed() {
      broken(this);
    }
  }

  /**
   * On a new stream all partitions follow, on one that stands this one: each says so once, or the
   * leader would push the same twice.
   */
  void follow(FollowerPartition partition) {
    List<FollowerPartition> now;
    synchronized (this) {
      partitions.put(partition.id(), partition);
      now = stream != null ? List.of(partition) : connectAnew();
    }
    now.forEach(FollowerPartition::follow);
  }

  void unfollow(FollowerPartition partition) {
    if (partitions.remove(partition.id(), partition)) {
      send(new Unfollow(partition.id(), partition.leaderEpoch()));
    }
  }

  /** It leads again: that it could not be reached before means nothing any more. */
  private List<FollowerPartition> connectAnew() {
    retrying = false;
    retryMs = RETRY_MS_MIN;
    return connect();
  }

  /** Makes a stream, where it is time for one, and returns the partitions that follow on it. */
  private synchronized List<FollowerPartition> connect() {
    if (closed || stream != null || retrying) {
      return List.of();
    }
    stream = new Stream();
    stream.channel = connector.connect(leaderId, stream);
    return List.copyOf(partitions.values());
  }

  /** Whether the stream is the current one; if it breaks after this, that is a new trouble. */
  private synchronized boolean heard(Stream which) {
    boolean current = stream == which && !closed;
    if (current) {
      retryMs = RETRY_MS_MIN;
    }
    return current;
  }

  private synchronized void broken(Stream which) {
    if (stream != which || closed) {
      return;
    }
    stream = null;
    retrying = true;
    scheduler.schedule(this::retry, TimeUnit.MILLISECONDS.toNanos(retryMs));
    retryMs = Math.min(2 * retryMs, RETRY_MS_MAX);
  }

  private void retry() {
    List<FollowerPartition> now;
    synchronized (this) {
      retrying = false;
      now = partitions.isEmpty() ? List.of() : connect();
    }
    now.forEach(FollowerPartition::follow);
  }

  @Override
  public void send(ReplicaFrame frame) {
    ReplicaChannel channel;
    synchronized (this) {
      channel = stream == null ? null : stream.channel;
    }
    if (channel != null) {
      channel.send(frame);
    }
  }

  @Override
  public void followLater(FollowerPartition partition) {
    scheduler.schedule(
        () -> {
          if (partitions.get(partition.id()) == partition) {
            partition.followAgain();
          }
        },
        TimeUnit.MILLISECONDS.toNanos(RETRY_MS_MAX));
  }

  void close() {
    ReplicaChannel channel;
    synchronized (this) {
      closed = true;
      channel = stream == null ? null : stream.channel;
    }
    if (channel != null) {
      channel.close();
    }
  }
}
