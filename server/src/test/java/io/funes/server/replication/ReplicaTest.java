package io.funes.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.common.PartitionId;
import io.funes.server.common.Ticker;
import io.funes.server.common.TopicId;
import io.funes.server.metadata.PartitionImage;
import io.funes.server.replication.ReplicaFrame.Follow;
import io.funes.server.replication.ReplicaFrame.Push;
import io.funes.server.testing.ManualScheduler;
import io.funes.server.testing.TestEnvironment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Broker 0 changes its role while others speak to it. */
class ReplicaTest {
  private static final PartitionId ID = new PartitionId(new TopicId(new UUID(1, 2)), 0);
  private static final TopicRules RULES = TestEnvironment.rules(FlushPolicy.OS);

  private final ManualScheduler time = new ManualScheduler();
  private Runnable inTheMiddle = () -> {};
  private Replica replica;

  /** A new role looks at the clock while it is made. */
  private final class InterruptingTicker implements Ticker {
    @Override
    public long nanos() {
      inTheMiddle.run();
      return time.nanos();
    }

    @Override
    public long epochMs() {
      return time.epochMs();
    }
  }

  private final class OneReplica implements FollowerFeed.Leaders {
    @Override
    public Optional<LeaderPartition> leader(PartitionId partition) {
      return Optional.ofNullable(replica.leader());
    }

    @Override
    public int leaderEpoch(PartitionId partition) {
      return replica.leaderEpoch();
    }
  }

  private static final class Stream implements ReplicaChannel {
    private final List<ReplicaFrame> sent = new ArrayList<>();

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void send(ReplicaFrame frame) {
      sent.add(frame);
    }

    @Override
    public void close() {}
  }

  @BeforeEach
  void follow() {
    TestEnvironment environment =
        TestEnvironment.at(time)
            .others((_, _) -> new Stream())
            .partitionTicker(new InterruptingTicker());
    replica =
        new Replica(
            ID,
            PartitionImage.settled(1, 3, 0, List.of(1, 0, 2), List.of(0, 1, 2)),
            environment.openLog(ID, 3),
            RULES,
            environment.ofPartitions());
  }

  /** The follower's metadata is a moment ahead, or its thread faster. */
  @Test
  void followerThatComesWhileTheLeaderTakesOverIsFedAtOnce() {
    FollowerFeeds feeds = new FollowerFeeds(new OneReplica(), time, time, 500);
    Stream stream = new Stream();
    ReplicaChannel.Receiver feed = feeds.accept(2, 1, stream);

    inTheMiddle =
        () -> {
          inTheMiddle = () -> {};
          feed.received(new Follow(ID, 4, 0, -1));
        };
    replica.changed(PartitionImage.settled(0, 4, 1, List.of(1, 0, 2), List.of(0, 2)), RULES);
    feeds.changed(ID);
    time.runReady();

    assertThat(stream.sent).singleElement().isInstanceOf(Push.class);
  }
}
