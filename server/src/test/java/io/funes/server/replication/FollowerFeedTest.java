package io.funes.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.common.PartitionId;
import io.funes.server.common.TopicId;
import io.funes.server.metadata.PartitionImage;
import io.funes.server.replication.ReplicaFrame.Follow;
import io.funes.server.replication.ReplicaFrame.Push;
import io.funes.server.replication.ReplicaFrame.Unfollow;
import io.funes.server.testing.ManualScheduler;
import io.funes.server.testing.TestBatch;
import io.funes.server.testing.TestEnvironment;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A leader feeds a replica that is in sync (1) and one that copies (2), with a limit on copies. */
class FollowerFeedTest {
  private static final PartitionId ID = new PartitionId(new TopicId(new UUID(1, 2)), 0);
  private static final AppendTerms LEADER =
      new AppendTerms(Acks.LEADER, AppendTerms.ANY_OFFSET, false);
  private static final int VALUE_BYTES = 1_000;
  private static final int BATCHES = 10;

  private final ManualScheduler time = new ManualScheduler();
  private final FollowerFeeds feeds = new FollowerFeeds(new OneLeader(), time, time, 500);
  private LeaderPartition leader;

  /** What happens beside, when it is asked for next. */
  private Runnable meanwhile = () -> {};

  private final class OneLeader implements FollowerFeed.Leaders {
    @Override
    public Optional<LeaderPartition> leader(PartitionId partition) {
      Runnable now = meanwhile;
      meanwhile = () -> {};
      now.run();
      return Optional.of(leader);
    }

    @Override
    public int leaderEpoch(PartitionId partition) {
      return leader.leaderEpoch();
    }
  }

  /** Counts the bytes of a stream that takes all. */
  private static final class Stream implements ReplicaChannel {
    private long bytes;
    private boolean failing;
    private int looks;

    @Override
    public boolean isReady() {
      looks++;
      return true;
    }

    @Override
    public void send(ReplicaFrame frame) {
      if (failing) {
        failing = false;
        throw new StackOverflowError("once");
      }
      bytes += frame instanceof Push push ? push.entries().remaining() : 0;
    }

    @Override
    public void close() {}
  }

  @BeforeEach
  void open() {
    TestEnvironment environment = TestEnvironment.at(time);
    leader =
        new LeaderPartition(
            ID,
            PartitionImage.settled(0, 3, 0, List.of(0, 1, 2), List.of(0, 1)),
            environment.openLog(ID, 3),
            0,
            TestEnvironment.rules(FlushPolicy.OS),
            environment.ofPartitions());
    append(BATCHES);
  }

  private void append(int batches) {
    for (int i = 0; i < batches; i++) {
      leader.append(TestBatch.of("x".repeat(VALUE_BYTES)).entry(), LEADER, new AcceptedAppend());
    }
  }

  private Stream follow(int broker) {
    Stream stream = new Stream();
    follow(feeds.accept(broker, 1, stream));
    return stream;
  }

  private void follow(ReplicaChannel.Receiver feed) {
    feed.received(new Follow(ID, 3, 0, -1));
    time.runReady();
  }

  private void leaderHearsOfReplica3() {
    leader.changed(PartitionImage.settled(0, 3, 1, List.of(0, 1, 2, 3), List.of(0, 1)));
    feeds.changed(ID);
    time.runReady();
  }

  /** The leader's metadata is behind the follower's, in which a reassignment has added it. */
  @Test
  void replicaThatTheLeaderDoesNotKnowYetIsFedWhenItDoes() {
    Stream early = follow(3);
    assertThat(early.bytes).as("what it acknowledged would not count").isZero();

    leaderHearsOfReplica3();

    assertThat(early.bytes).isGreaterThan(BATCHES * VALUE_BYTES);
  }

  @Test
  void replicaThatFollowsNoMoreIsNotFedWhenItsLeaderHearsOfIt() {
    Stream stream = new Stream();
    ReplicaChannel.Receiver feed = feeds.accept(3, 1, stream);
    follow(feed);
    feed.received(new Unfollow(ID, 3));

    leaderHearsOfReplica3();

    assertThat(stream.bytes).isZero();
  }

  /** Whom the leader would have out of sync. */
  private boolean isGivenUp() {
    return leader.proposal(Long.MAX_VALUE, _ -> true).isPresent();
  }

  private ReplicaChannel.Receiver following() {
    ReplicaChannel.Receiver feed = feeds.accept(1, 1, new Stream());
    follow(feed);
    return feed;
  }

  @Test
  void followerThatTakesNothingMoreIsGivenUpInTheEpochInWhichItSaysSo() {
    ReplicaChannel.Receiver feed = following();

    feed.received(new Unfollow(ID, 2));
    assertThat(isGivenUp()).isFalse();

    feed = following();
    feed.received(new Unfollow(ID, 3));
    assertThat(isGivenUp()).isTrue();
  }

  @Test
  void followerThatCannotCutItsLogIsGivenUpToo() {
    ReplicaChannel.Receiver feed = feeds.accept(1, 1, new Stream());
    feed.received(new Follow(ID, 3, BATCHES + 1, 3)); // It has more than the leader.

    feed.received(new Unfollow(ID, 3));

    assertThat(isGivenUp()).isTrue();
  }

  @Test
  void followersThatALeaderSendsAwayAreNotGivenUp() {
    Stream stream = new Stream();
    ReplicaChannel.Receiver feed = feeds.accept(1, 1, stream);
    follow(feed);
    stream.failing = true;
    append(1);
    time.runReady(); // It is told that this is not its leader.

    feed.received(new Unfollow(ID, 3));

    assertThat(isGivenUp()).isFalse();
  }

  /** Else the leader would call a dead feed at each append, as long as it leads. */
  @Test
  void streamThatClosesWhileItsFollowerBeginsIsForgotten() throws InterruptedException {
    endsWhileItBegins(ReplicaChannel.Receiver::closed);
  }

  @Test
  void replicaThatFollowsNoMoreWhileItBeginsIsNotFed() throws InterruptedException {
    endsWhileItBegins(feed -> feed.received(new Unfollow(ID, 3)));
  }

  private void endsWhileItBegins(Consumer<ReplicaChannel.Receiver> end)
      throws InterruptedException {
    Stream stream = new Stream();
    ReplicaChannel.Receiver feed = feeds.accept(3, 1, stream);
    follow(feed);
    leader.changed(PartitionImage.settled(0, 3, 1, List.of(0, 1, 2, 3), List.of(0, 1)));
    Thread ends = new Thread(() -> end.accept(feed));

    // The first look at the leader finds that the follower is not early any more.
    meanwhile = () -> meanwhile = () -> runUntilItEndsOrIsHeldUp(ends);
    feeds.changed(ID);
    ends.join();
    time.runReady();
    int looks = stream.looks;
    append(1);
    time.runReady();

    assertThat(stream.looks).isEqualTo(looks);
  }

  private static void runUntilItEndsOrIsHeldUp(Thread thread) {
    thread.start();
    while (thread.getState() != Thread.State.BLOCKED && thread.isAlive()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void feedThatFailedIsFedWhenItFollowsAgain() {
    Stream stream = new Stream();
    stream.failing = true;
    ReplicaChannel.Receiver feed = feeds.accept(1, 1, stream);
    follow(feed);
    assertThat(stream.bytes).isZero();

    follow(feed);

    assertThat(stream.bytes).isGreaterThan(BATCHES * VALUE_BYTES);
  }

  @Test
  void withoutALimitACopyGoesAsFastAsItCan() {
    assertThat(follow(2).bytes).isGreaterThan(BATCHES * VALUE_BYTES);
  }

  @Test
  void copyGoesAtTheRateAndArrives() {
    feeds.limitCatchup(2 * VALUE_BYTES);
    Stream copy = follow(2);
    assertThat(copy.bytes)
        .as("a second's worth, and the frame it ends in")
        .isLessThan(4 * VALUE_BYTES);

    time.advanceMs(1_000);
    assertThat(copy.bytes).isBetween(3L * VALUE_BYTES, 6L * VALUE_BYTES);
    time.advanceMs(500);
    assertThat(copy.bytes).isLessThan(BATCHES * VALUE_BYTES);

    for (int second = 0; second < 10; second++) {
      time.advanceMs(1_000);
    }
    assertThat(copy.bytes).isGreaterThan(BATCHES * VALUE_BYTES);
  }

  @Test
  void replicaInSyncIsNotHeldBackByACopy() {
    feeds.limitCatchup(1);
    Stream copy = follow(2);

    Stream inSync = follow(1);
    append(5);
    time.runReady();

    assertThat(inSync.bytes).isGreaterThan((BATCHES + 5) * VALUE_BYTES);
    assertThat(copy.bytes).isLessThan(3 * VALUE_BYTES);
  }
}
