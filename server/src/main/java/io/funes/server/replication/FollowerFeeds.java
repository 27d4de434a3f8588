package io.funes.server.replication;

import io.funes.server.common.PartitionId;
import io.funes.server.common.Scheduler;
import io.funes.server.common.Ticker;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The streams from all brokers that follow this one. */
public final class FollowerFeeds {
  private final FollowerFeed.Leaders leaders;
  private final Scheduler scheduler;
  private final CatchupThrottle throttle;
  private final int pushBytesMax;
  private final List<FollowerFeed> feeds = new CopyOnWriteArrayList<>();

  FollowerFeeds(
      FollowerFeed.Leaders leaders, Scheduler scheduler, Ticker ticker, int pushBytesMax) {
    this.leaders = leaders;
    this.scheduler = scheduler;
    this.throttle = new CatchupThrottle(ticker);
    this.pushBytesMax = pushBytesMax;
  }

  /**
   * Holds back what goes to replicas that are not in sync, all together.
   *
   * @param bytesPerSecond 0 for no limit
   */
  public void limitCatchup(long bytesPerSecond) {
    throttle.limit(bytesPerSecond);
  }

  /**
   * Serves a stream that a broker has opened.
   *
   * @param brokerEpoch of the follower's registration
   */
  public ReplicaChannel.Receiver accept(int followerId, long brokerEpoch, ReplicaChannel channel) {
    FollowerFeed feed =
        new FollowerFeed(
            followerId,
            brokerEpoch,
            channel,
            leaders,
            scheduler,
            throttle,
            pushBytesMax,
            feeds::remove);
    feeds.add(feed);
    return feed;
  }

  void changed(PartitionId partition) {
    feeds.forEach(feed -> feed.changed(partition));
  }
}
