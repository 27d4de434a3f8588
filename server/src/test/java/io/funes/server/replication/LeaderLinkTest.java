package io.funes.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.common.PartitionId;
import io.funes.server.common.TopicId;
import io.funes.server.metadata.PartitionImage;
import io.funes.server.replication.ReplicaFrame.Follow;
import io.funes.server.replication.ReplicaFrame.NotLeader;
import io.funes.server.testing.ManualScheduler;
import io.funes.server.testing.TestEnvironment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The partitions that follow broker 1. */
class LeaderLinkTest {
  private static final int PARTITIONS = 20;

  private final ManualScheduler time = new ManualScheduler();
  private final List<ReplicaFrame> said = new ArrayList<>();
  private final Queue<FollowerPartition> toCome = new ArrayDeque<>();
  private final List<ReplicaChannel.Receiver> streams = new ArrayList<>();
  private final LeaderLink link =
      new LeaderLink(
          1,
          (_, receiver) -> {
            streams.add(receiver);
            return new Stream();
          },
          time);

  /** Whenever something is said on it, the next partition comes, as from another thread. */
  private final class Stream implements ReplicaChannel {
    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void send(ReplicaFrame frame) {
      said.add(frame);
      if (!toCome.isEmpty()) {
        link.follow(toCome.remove());
      }
    }

    @Override
    public void close() {
      // Nobody hears of it.
    }
  }

  @Test
  void eachPartitionFollowsOnceThoughAllComeWhileTheStreamIsMade() {
    IntStream.range(0, PARTITIONS).forEach(number -> toCome.add(follower(number)));

    link.follow(toCome.remove());

    assertThat(said)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, PARTITIONS)
                .mapToObj(number -> (ReplicaFrame) new Follow(id(number), 4, 0, -1))
                .toList());
  }

  @Test
  void leaderThatLeadsAgainIsTriedAtOnceHoweverLongItWasDown() {
    FollowerPartition before = follower(0);
    link.follow(before);
    for (int tries = 0; tries < 10; tries++) {
      streams.getLast().closed();
      time.advanceMs(1_000);
    }
    streams.getLast().closed();
    link.unfollow(before);
    streams.clear();

    link.follow(follower(0));
    assertThat(streams).hasSize(1);
    streams.getLast().closed(); // The connection still knows of the last failure.
    time.advanceMs(20);

    assertThat(streams).hasSize(2);
  }

  /** A second time what is under way would be pushed twice. */
  @Test
  void whoFollowsOnANewStreamDoesNotFollowAgainForTheTroubleOnTheOldOne() {
    link.follow(follower(0));
    streams.getLast().received(new NotLeader(id(0), 4));
    streams.getLast().closed();
    said.clear();

    time.advanceMs(20);
    assertThat(said).containsExactly(new Follow(id(0), 4, 0, -1));
    time.advanceMs(2_000);

    assertThat(said).hasSize(1);
  }

  private static PartitionId id(int number) {
    return new PartitionId(new TopicId(new UUID(1, 2)), number);
  }

  private FollowerPartition follower(int number) {
    TestEnvironment environment =
        TestEnvironment.at(time).brokerId(2).others((_, _) -> new Stream());
    PartitionImage image = PartitionImage.settled(1, 4, 0, List.of(1, 2), List.of(1, 2));
    return new FollowerPartition(
        id(number),
        image,
        environment.openLog(id(number), 4),
        0,
        TestEnvironment.rules(FlushPolicy.OS),
        environment.ofPartitions(),
        link);
  }
}
