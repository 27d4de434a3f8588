package io.funes.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.common.PartitionId;
import io.funes.server.common.TopicId;
import io.funes.server.log.LogConfig;
import io.funes.server.log.LogEnvironment;
import io.funes.server.log.PartitionLog;
import io.funes.server.record.BodyRules;
import io.funes.server.replication.ReplicaFrame.Follow;
import io.funes.server.testing.ManualScheduler;
import io.funes.server.testing.MemoryProducerCheckpoints;
import io.funes.server.testing.MemorySegmentFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LeaderLinkTest {
  private static final int LEADER = 1;
  private static final int EPOCH = 4;

  private final ManualScheduler time = new ManualScheduler();
  private final List<ReplicaFrame> sent = new CopyOnWriteArrayList<>();

  /**
   * As after a leader's death: said twice, the leader would push the same twice, and what does not
   * fit makes the follower wait for a second.
   */
  @Test
  void partitionThatComesWhileTheStreamIsMadeFollowsOnce() throws Exception {
    Thread[] other = new Thread[1];
    LeaderLink[] link = new LeaderLink[1];
    link[0] =
        new LeaderLink(
            LEADER,
            (leaderId, receiver) -> {
              other[0] = new Thread(() -> link[0].follow(partition(link[0], 1)));
              other[0].start();
              awaitItsTurn(other[0]);
              return new Sending(sent);
            },
            time);

    link[0].follow(partition(link[0], 0));
    other[0].join();

    assertThat(sent).containsExactlyInAnyOrder(follow(0), follow(1));
  }

  /** Until it is done, or waits for the stream. */
  private static void awaitItsTurn(Thread thread) {
    while (!EnumSet.of(Thread.State.BLOCKED, Thread.State.TERMINATED).contains(thread.getState())) {
      Thread.onSpinWait();
    }
  }

  private static Follow follow(int number) {
    return new Follow(id(number), EPOCH, 0, -1);
  }

  private static PartitionId id(int number) {
    return new PartitionId(new TopicId(new UUID(1, 2)), number);
  }

  private FollowerPartition partition(LeaderLink link, int number) {
    try {
      PartitionLog log =
          PartitionLog.open(
              Path.of("/log", Integer.toString(number)),
              id(number),
              new LogConfig(1 << 20, 3_600_000, -1, -1, 256),
              new LogEnvironment(
                  time,
                  time,
                  new MemorySegmentFiles(),
                  new MemoryProducerCheckpoints(),
                  100,
                  1_000_000),
              EPOCH);
      TopicRules rules =
          new TopicRules(new BodyRules(1 << 20, 1 << 20, false), false, FlushPolicy.OS, 1_000, 1);
      return new FollowerPartition(
          id(number), LEADER, EPOCH, log, 0, rules, new FlushQueue(time), link);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private record Sending(List<ReplicaFrame> sent) implements ReplicaChannel {
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
}
