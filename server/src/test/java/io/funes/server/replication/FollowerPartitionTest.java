package io.funes.server.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.PartitionId;
import io.funes.server.common.RefusedException;
import io.funes.server.common.TopicId;
import io.funes.server.log.LogSlice;
import io.funes.server.log.PartitionLog;
import io.funes.server.metadata.PartitionImage;
import io.funes.server.replication.ReplicaFrame.Acknowledge;
import io.funes.server.replication.ReplicaFrame.Diverged;
import io.funes.server.replication.ReplicaFrame.Follow;
import io.funes.server.replication.ReplicaFrame.Push;
import io.funes.server.replication.ReplicaFrame.Restart;
import io.funes.server.replication.ReplicaFrame.Unfollow;
import io.funes.server.testing.ManualScheduler;
import io.funes.server.testing.TestBatch;
import io.funes.server.testing.TestEnvironment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Follows broker 1 in epoch 4. The leader has a and b of epoch 1, and c of epoch 3. */
class FollowerPartitionTest {
  private static final PartitionId ID = new PartitionId(new TopicId(new UUID(1, 2)), 0);
  private static final int EPOCH = 4;
  private static final PartitionImage IN_SYNC =
      PartitionImage.settled(1, EPOCH, 0, List.of(1, 2), List.of(1, 2));
  private static final PartitionImage OUT_OF_SYNC =
      PartitionImage.settled(1, EPOCH, 1, List.of(1, 2), List.of(1));

  private final ManualScheduler time = new ManualScheduler();
  private final List<ReplicaFrame> said = new ArrayList<>();
  private final List<FollowerPartition> later = new ArrayList<>();
  private final DiskGate gate = new DiskGate(1_000);
  private final PartitionEnvironment environment =
      TestEnvironment.at(time)
          .brokerId(2)
          .gate(gate)
          .others((_, _) -> {
            throw new AssertionError("this test is the link");
          })
          .ofPartitions();
  private PartitionLog leaders;
  private PartitionLog log;
  private FollowerPartition follower;

  @BeforeEach
  void open() throws IOException {
    leaders = TestEnvironment.at(time).openLog(ID, EPOCH);
    leaders.append(TestBatch.of("a").entry(), 1, 0);
    leaders.append(TestBatch.of("b").entry(), 1, 0);
    leaders.append(TestBatch.of("c").entry(), 3, 0);
    log = TestEnvironment.at(time).openLog(ID, EPOCH);
    follower = following(FlushPolicy.OS);
  }

  private FollowerPartition following(FlushPolicy flush) {
    return following(flush, 0);
  }

  private FollowerPartition following(FlushPolicy flush, long highWatermark) {
    return new FollowerPartition(
        ID,
        IN_SYNC,
        log,
        highWatermark,
        TestEnvironment.rules(flush),
        environment,
        new FollowerPartition.ToLeader() {
          @Override
          public void send(ReplicaFrame frame) {
            said.add(frame);
          }

          @Override
          public void followLater(FollowerPartition partition) {
            later.add(partition);
          }
        });
  }

  private Push push(int epoch, long from, long to, long highWatermark) throws IOException {
    try (LogSlice slice = leaders.read(from, 1 << 20, to)) {
      return new Push(ID, epoch, highWatermark, slice.bytes());
    }
  }

  @Test
  void itSaysWhereItsLogEnds() throws IOException {
    log.append(TestBatch.of("a").entry(), 1, 0);

    follower.follow();

    assertThat(said).containsExactly(new Follow(ID, EPOCH, 1, 1));
  }

  @Test
  void whatIsPushedIsAppendedAndAcknowledged() throws IOException {
    follower.take(push(EPOCH, 0, 2, 1));
    follower.take(push(EPOCH, 2, 3, 2));

    assertThat(said).containsExactly(new Acknowledge(ID, EPOCH, 2), new Acknowledge(ID, EPOCH, 3));
    assertThat(log.logEndOffset()).isEqualTo(3);
    assertThat(follower.highWatermark()).isEqualTo(2);
  }

  @Test
  void theWatermarkIsNeverAboveItsOwnLog() throws IOException {
    follower.take(push(EPOCH, 0, 2, 100));

    assertThat(follower.highWatermark()).isEqualTo(2);
  }

  @Test
  void theWatermarkNeverFalls() throws IOException {
    follower.take(push(EPOCH, 0, 2, 2));

    follower.take(push(EPOCH, 2, 3, 1));

    assertThat(follower.highWatermark()).isEqualTo(2);
  }

  /** An unclean election has taken away what was committed. */
  @Test
  void theWatermarkFallsWithALogThatIsCutBelowIt() throws IOException {
    log.append(TestBatch.of("x").entry(), 0, 0);
    follower = following(FlushPolicy.OS, 1);

    follower.take(new Diverged(ID, EPOCH, 0, 0));
    assertThat(follower.highWatermark()).isZero();

    follower.take(push(EPOCH, 0, 3, 0));
    assertThat(follower.highWatermark()).as("nothing of this is committed").isZero();
  }

  @Test
  void framesOfOtherEpochsAreDropped() throws IOException {
    follower.take(push(EPOCH - 1, 0, 2, 2));
    follower.take(push(EPOCH + 1, 0, 2, 2));
    follower.take(new Restart(ID, EPOCH - 1, 50));

    assertThat(log.logEndOffset()).isZero();
    assertThat(follower.highWatermark()).isZero();
    assertThat(said).isEmpty();
  }

  @Test
  void aLogThatPartsIsCutToTheEndOfTheEpochBothKnow() throws IOException {
    log.append(TestBatch.of("a").entry(), 1, 0);
    log.append(TestBatch.of("b").entry(), 1, 0);
    log.append(TestBatch.of("x").entry(), 1, 0);

    follower.take(new Diverged(ID, EPOCH, 1, 2));

    assertThat(said).containsExactly(new Follow(ID, EPOCH, 2, 1));
    assertThat(follower.highWatermark()).isZero();
  }

  @Test
  void anEpochThatItDoesNotKnowCutsItToTheOneBefore() throws IOException {
    log.append(TestBatch.of("a").entry(), 1, 0);
    log.append(TestBatch.of("x").entry(), 4, 0);

    follower.take(new Diverged(ID, EPOCH, 3, 3));

    assertThat(said).containsExactly(new Follow(ID, EPOCH, 1, 1));
  }

  @Test
  void aLogWithNothingInCommonIsEmptied() throws IOException {
    log.append(TestBatch.of("x").entry(), 4, 0);

    follower.take(new Diverged(ID, EPOCH, 3, 3));

    assertThat(said).containsExactly(new Follow(ID, EPOCH, 0, -1));
  }

  @Test
  void aLogBelowTheLeadersBeginsAnew() throws IOException {
    log.append(TestBatch.of("x").entry(), 0, 0);

    follower.take(new Restart(ID, EPOCH, 50));

    assertThat(said).containsExactly(new Follow(ID, EPOCH, 50, -1));
    assertThat(log.logStartOffset()).isEqualTo(50);
  }

  @Test
  void whatDoesNotFitIsAskedForAgainLater() throws IOException {
    follower.take(push(EPOCH, 2, 3, 3));

    assertThat(log.logEndOffset()).isZero();
    assertThat(said).containsExactly(new Unfollow(ID, EPOCH));
    assertThat(later).containsExactly(follower);
  }

  @Test
  void untilItFollowsAgainWhatWasOnItsWayIsDropped() throws IOException {
    follower.take(push(EPOCH, 2, 3, 3));
    follower.take(push(EPOCH, 0, 2, 2));
    follower.take(push(EPOCH, 2, 3, 3));
    assertThat(log.logEndOffset()).isZero();
    assertThat(later).containsExactly(follower);
    said.clear();

    follower.followAgain();
    follower.followAgain();
    assertThat(said).containsExactly(new Follow(ID, EPOCH, 0, -1));
    follower.take(push(EPOCH, 0, 2, 2));
    assertThat(log.logEndOffset()).isEqualTo(2);
  }

  @Test
  void aDiskThatIsNearlyFullTakesNothingMoreUntilThereIsRoom() throws IOException {
    gate.update(999);
    follower.take(push(EPOCH, 0, 2, 2));
    assertThat(log.logEndOffset()).isEqualTo(2);

    gate.update(499);
    follower.take(push(EPOCH, 2, 3, 3));
    assertThat(log.logEndOffset()).isEqualTo(2);
    assertThat(later).containsExactly(follower);

    gate.update(1_000);
    follower.followAgain();
    follower.take(push(EPOCH, 2, 3, 3));
    assertThat(log.logEndOffset()).isEqualTo(3);
  }

  @Test
  void withFlushBeforeAckItAcknowledgesWhatIsOnItsDisk() throws IOException {
    follower = following(FlushPolicy.BEFORE_ACK);

    follower.take(push(EPOCH, 0, 3, 0));
    assertThat(said).isEmpty();
    time.runReady();

    assertThat(said).containsExactly(new Acknowledge(ID, EPOCH, 3));
    assertThat(log.flushedOffset()).isEqualTo(3);
  }

  @Test
  void afterItsEpochItWritesNothing() throws IOException {
    follower.close(PartitionRefusals.notLeader(ID, 3, 9));

    follower.take(push(EPOCH, 0, 2, 2));
    follower.follow();

    assertThat(log.logEndOffset()).isZero();
    assertThat(said).isEmpty();
  }

  @Test
  void theFirstPushIsAcknowledgedThoughItIsEmpty() throws IOException {
    follower.take(push(EPOCH, 0, 3, 0));
    follower.follow();
    said.clear();

    follower.take(new Push(ID, EPOCH, 3, ByteBuffer.allocate(0)));

    assertThat(said).containsExactly(new Acknowledge(ID, EPOCH, 3));
  }

  @Test
  void aWatermarkAloneIsNotAcknowledged() throws IOException {
    follower.take(push(EPOCH, 0, 3, 0));
    said.clear();

    follower.take(new Push(ID, EPOCH, 3, ByteBuffer.allocate(0)));

    assertThat(said).isEmpty();
    assertThat(follower.highWatermark()).isEqualTo(3);
  }

  private String readable(long offset) {
    try (LogSlice slice = follower.read(offset, 1 << 20, Long.MAX_VALUE)) {
      return "%d to %d".formatted(slice.firstOffset(), slice.nextOffset());
    }
  }

  private void refusesAsNotLeader(long offset) {
    assertThatThrownBy(() -> readable(offset))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_LEADER));
  }

  @Test
  void readersSeeWhatIsBelowItsOwnWatermark() throws IOException {
    follower.take(push(EPOCH, 0, 3, 2));

    assertThat(readable(0)).isEqualTo("0 to 2");
    assertThat(readable(2)).isEqualTo("2 to 2");
  }

  /** It may have heard of the watermark later than the one that told the reader the offset. */
  @Test
  void anOffsetAboveItsWatermarkIsAPlaceToWait() throws IOException {
    follower.take(push(EPOCH, 0, 3, 1));
    List<String> wakes = new ArrayList<>();
    follower.watch(() -> wakes.add("woken"));
    assertThat(readable(3)).isEqualTo("3 to 3");
    assertThat(wakes).isEmpty();

    follower.take(new Push(ID, EPOCH, 3, ByteBuffer.allocate(0)));

    assertThat(wakes).hasSize(1);
    assertThat(readable(1)).isEqualTo("1 to 3");
  }

  @Test
  void anOffsetThatItsLogDoesNotHaveIsForTheLeaderToJudge() throws IOException {
    follower.take(new Restart(ID, EPOCH, 2));
    follower.take(push(EPOCH, 2, 3, 3));

    assertThat(readable(2)).isEqualTo("2 to 3");
    refusesAsNotLeader(1);
    refusesAsNotLeader(4);
  }

  @Test
  void whoIsNotInSyncServesNoReaders() throws IOException {
    follower.take(push(EPOCH, 0, 3, 3));
    List<String> wakes = new ArrayList<>();
    follower.watch(() -> wakes.add("woken"));

    follower.changed(OUT_OF_SYNC);

    assertThat(follower.readable()).isFalse();
    assertThat(wakes).hasSize(1);
    refusesAsNotLeader(0);
    follower.changed(IN_SYNC);
    assertThat(readable(0)).isEqualTo("0 to 3");
  }

  /** It may have been taken out of the in-sync replicas, and nobody could tell it. */
  @Test
  void whileNoControllerHearsThisBrokerItServesNoReaders() throws IOException {
    follower.take(push(EPOCH, 0, 3, 3));

    environment.links().heard(false);
    assertThat(follower.readable()).isFalse();
    refusesAsNotLeader(0);

    environment.links().heard(true);
    assertThat(follower.readable()).isTrue();
    assertThat(readable(0)).isEqualTo("0 to 3");
  }

  @Test
  void whenItsEpochIsOverReadersAreToldWhy() throws IOException {
    follower.take(push(EPOCH, 0, 3, 3));
    List<String> wakes = new ArrayList<>();
    follower.watch(() -> wakes.add("woken"));

    follower.close(PartitionRefusals.notLeader(ID, 3, 9));

    assertThat(wakes).hasSize(1);
    refusesAsNotLeader(0);
  }

  /** It was in sync with the leader before, and has more than was committed (KAFKA-14704). */
  @Test
  void underANewLeaderItShowsNoMoreThanItKnewToBeCommitted() throws IOException {
    log.append(TestBatch.of("a").entry(), 1, 0);
    log.append(TestBatch.of("x").entry(), 2, 0);
    log.append(TestBatch.of("y").entry(), 2, 0);
    follower = following(FlushPolicy.OS, 1);
    assertThat(readable(0)).isEqualTo("0 to 1");

    // The new leader has committed up to 3, and not what is here.
    follower.take(push(EPOCH - 1, 1, 3, 3));
    follower.take(new Diverged(ID, EPOCH, 1, 2));
    assertThat(readable(0)).isEqualTo("0 to 1");

    follower.take(push(EPOCH, 1, 3, 3));
    assertThat(readable(1)).isEqualTo("1 to 3");
    assertThat(log.read(1, 1 << 20, 3).bytes()).isEqualTo(leaders.read(1, 1 << 20, 3).bytes());
  }
}
