package io.funes.server.replication;

import io.funes.server.common.PartitionId;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/** The streams from all brokers that follow this one. */
public final class FollowerFeeds {
  private final FollowerFeed.Leaders leaders;
  private final Executor executor;
  private final int pushBytesMax;
  private final List<FollowerFeed> feeds = new CopyOnWriteArrayList<>();

  FollowerFeeds(FollowerFeed.Leaders leaders, Executor executor, int pushBytesMax) {
    this.leaders = leaders;
    this.executor = executor;
    this.pushBytesMax = pushBytesMax;
  }

  /**
   * Serves a stream that a broker has opened.
   *
   * @param brokerEpoch of the follower's registration
   */
  public ReplicaChannel.Receiver accept(int followerId, long brokerEpoch, ReplicaChannel channel) {
    FollowerFeed feed =
        new FollowerFeed(
            followerId, brokerEpoch, channel, leaders, executor, pushBytesMax, feeds::remove);
    feeds.add(feed);
    return feed;
  }

  void changed(PartitionId partition) {
    feeds.forEach(feed -> feed.changed(partition));
  }
}
