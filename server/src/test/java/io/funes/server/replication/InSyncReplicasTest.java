package io.funes.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.common.PartitionId;
import io.funes.server.common.TopicId;
import io.funes.server.metadata.InSyncChange;
import io.funes.server.metadata.InSyncChange.Member;
import io.funes.server.metadata.PartitionImage;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Broker 0 leads in epoch 5; it took over with 10 records and knew 7 of them to be committed. */
class InSyncReplicasTest {
  private static final PartitionId ID = new PartitionId(new TopicId(new UUID(1, 2)), 0);
  private static final long LAG = 1_000;

  private long end = 10;
  private InSyncReplicas replicas = led(1, 0, 1);

  private static PartitionImage image(int partitionEpoch, Integer... inSync) {
    return PartitionImage.settled(0, 5, partitionEpoch, List.of(0, 1, 2), List.of(inSync));
  }

  private InSyncReplicas led(int minInSync, Integer... inSync) {
    InSyncReplicas led = new InSyncReplicas(ID, 0, image(1, inSync), minInSync, 10, 7, 0);
    led.own(10);
    return led;
  }

  private void append(int records) {
    end += records;
    replicas.own(end);
  }

  private void acknowledge(int broker, long offset, long nanos) {
    replicas.acknowledged(broker, 40 + broker, offset, end, nanos);
  }

  private Optional<List<Integer>> proposed(long nanos) {
    return replicas
        .propose(end, nanos, LAG, _ -> true)
        .map(change -> change.inSync().stream().map(Member::brokerId).toList());
  }

  @Test
  void theWatermarkIsWhatAllInSyncReplicasHave() {
    assertThat(replicas.highWatermark()).isEqualTo(7);

    acknowledge(1, 9, 1);
    assertThat(replicas.highWatermark()).isEqualTo(9);

    acknowledge(2, 4, 1); // Not in sync: does not count.
    append(5);
    acknowledge(1, 15, 2);
    assertThat(replicas.highWatermark()).isEqualTo(15);
  }

  @Test
  void theWatermarkNeverFalls() {
    acknowledge(1, 10, 1);

    acknowledge(1, 3, 2);
    replicas.changed(image(2, 0, 1, 2), 1, 3);

    assertThat(replicas.highWatermark()).isEqualTo(10);
  }

  @Test
  void theWatermarkStandsWhileTooFewAreInSync() {
    replicas = led(2, 0);

    append(5);
    assertThat(replicas.enough()).isFalse();
    assertThat(replicas.highWatermark()).isEqualTo(7);

    replicas.changed(image(2, 0, 1), 2, 1);
    acknowledge(1, 12, 2);
    assertThat(replicas.highWatermark()).isEqualTo(12);
  }

  @Test
  void aTopicWithFewerReplicasThanItsMinimumNeedsAllOfThem() {
    PartitionImage alone = PartitionImage.settled(0, 5, 1, List.of(0), List.of(0));

    replicas = new InSyncReplicas(ID, 0, alone, 2, 10, 7, 0);
    replicas.own(10);

    assertThat(replicas.enough()).isTrue();
    assertThat(replicas.highWatermark()).isEqualTo(10);
  }

  @Test
  void aFollowerComesInWhenItHasAllThatTheLeaderBeganWith() {
    acknowledge(1, 10, 1);

    acknowledge(2, 9, 1);
    assertThat(proposed(1)).isEmpty();
    acknowledge(2, 10, 2);

    assertThat(proposed(2)).hasValue(List.of(0, 1, 2));
  }

  @Test
  void aFollowerThatGivesUpIsNotWaitedForUntilItIsHeardAgain() {
    acknowledge(1, 10, 1);
    replicas.gaveUp(1);
    assertThat(proposed(1)).as("it has all there is").isEmpty();

    append(2);
    assertThat(proposed(2)).hasValue(List.of(0));

    replicas.changed(image(2, 0), 2, 3); // Too few: the watermark stays where it was in sync.
    assertThat(replicas.takeCaughtUp()).isFalse();
    assertThat(proposed(3)).isEmpty();
    acknowledge(1, 11, 4);
    assertThat(proposed(4)).hasValue(List.of(0, 1));
  }

  @Test
  void aFollowerThatCouldComeInIsToldOfOnceUntilTheMetadataChanges() {
    acknowledge(1, 10, 1);
    acknowledge(2, 9, 1);
    assertThat(replicas.takeCaughtUp()).isFalse();

    acknowledge(2, 10, 2);
    assertThat(replicas.takeCaughtUp()).isTrue();
    acknowledge(2, 10, 3);
    assertThat(replicas.takeCaughtUp()).isFalse();

    replicas.changed(image(2, 0), 1, 4);
    assertThat(replicas.takeCaughtUp()).isTrue();
  }

  @Test
  void nobodyIsToldOfWhileAChangeIsUnderWayOrAllAreInSync() {
    acknowledge(1, 10, 1);
    assertThat(proposed(2 * LAG)).isEmpty();
    append(1);
    acknowledge(2, 11, 2);
    assertThat(replicas.propose(end, 3 * LAG, LAG, _ -> true)).isPresent();
    assertThat(replicas.takeCaughtUp()).isFalse();

    replicas.changed(image(2, 0, 1, 2), 1, 3);
    acknowledge(2, 11, 4);
    assertThat(replicas.takeCaughtUp()).isFalse();
  }

  /** It would be refused, and all others with it. */
  @Test
  void aFollowerThatDiedDoesNotHoldUpTheOthers() {
    acknowledge(1, 10, 1);
    acknowledge(2, 10, 1);
    replicas.changed(image(2, 0), 2, 2);

    assertThat(
            replicas.propose(end, 3, LAG, member -> member.brokerId() == 1).orElseThrow().inSync())
        .extracting(Member::brokerId)
        .containsExactly(0, 1);
  }

  @Test
  void aFollowerBelowTheWatermarkDoesNotComeIn() {
    append(5);
    acknowledge(1, 15, 1);

    acknowledge(2, 14, 1);

    assertThat(proposed(1)).isEmpty();
  }

  @Test
  void whoMayBeInSyncAlreadyHoldsTheWatermarkBack() {
    acknowledge(1, 10, 1);
    acknowledge(2, 10, 1);
    assertThat(proposed(1)).isPresent();

    append(5);
    acknowledge(1, 15, 2);
    assertThat(replicas.highWatermark()).isEqualTo(10);

    acknowledge(2, 13, 2);
    assertThat(replicas.highWatermark()).isEqualTo(13);
  }

  @Test
  void whoIsAskedToGoHoldsTheWatermarkBackUntilItIsGranted() {
    append(5);
    InSyncChange shrink = replicas.propose(end, LAG + 1, LAG, _ -> true).orElseThrow();
    assertThat(shrink.inSync()).containsExactly(new Member(0, -1));
    assertThat(replicas.highWatermark()).isEqualTo(7);

    replicas.changed(image(2, 0), 1, LAG + 2);

    assertThat(replicas.highWatermark()).isEqualTo(15);
  }

  @Test
  void oneChangeIsUnderWayAtATime() {
    acknowledge(2, 10, 1);
    InSyncChange first = replicas.propose(end, 1, LAG, _ -> true).orElseThrow();
    assertThat(replicas.propose(end, LAG + 5, LAG, _ -> true)).isEmpty();

    replicas.answered(first);

    assertThat(replicas.propose(end, 2, LAG, _ -> true)).isPresent();
  }

  @Test
  void theMetadataSettlesAChangeWhateverBecameOfIt() {
    acknowledge(2, 10, 1);
    assertThat(proposed(1)).isPresent();

    replicas.changed(image(2, 0, 1), 1, 2);
    append(5);
    acknowledge(1, 15, 3);

    assertThat(replicas.highWatermark()).isEqualTo(15);
  }

  @Test
  void metadataThatIsOlderChangesNothing() {
    replicas.changed(image(3, 0), 1, 1);

    replicas.changed(image(2, 0, 1), 1, 2);

    assertThat(replicas.image().inSync()).containsExactly(0);
  }

  @Test
  void aFollowerThatKeepsUpWithASteadyLoadStaysIn() {
    for (int i = 1; i <= 20; i++) {
      append(5);
      acknowledge(1, end - 5, i * LAG / 2); // Always one step behind.
      assertThat(proposed(i * LAG / 2)).as("step %d", i).isEmpty();
    }
  }

  @Test
  void aFollowerThatFallsBehindForTooLongGoes() {
    acknowledge(1, 10, 1);
    append(5);
    acknowledge(1, 12, LAG / 2);
    assertThat(proposed(LAG)).isEmpty();

    assertThat(proposed(LAG + 2)).hasValue(List.of(0));
  }

  @Test
  void membersAreNamedWithTheLifeInWhichTheyWereSeen() {
    acknowledge(1, 10, 1);
    acknowledge(2, 10, 1);

    assertThat(replicas.propose(end, 1, LAG, _ -> true).orElseThrow().inSync())
        .containsExactly(new Member(0, -1), new Member(1, 41), new Member(2, 42));
  }

  @Test
  void theLastWordsOfAnEarlierLifeDoNotCount() {
    replicas.acknowledged(1, 50, 3, end, 1);

    replicas.acknowledged(1, 41, 10, end, 2);

    assertThat(replicas.highWatermark()).isEqualTo(7);
  }

  @Test
  void strangersDoNotCount() {
    replicas.acknowledged(9, 1, 10, end, 1);

    assertThat(proposed(1)).isEmpty();
  }

  @Test
  void aLeaderElectedUncleanSaysThatItHasRecoveredBeforeAnybodyJoins() {
    PartitionImage unclean =
        new PartitionImage(
            0, 5, 1, List.of(0, 1), List.of(0), List.of(), -1, List.of(), List.of(), true);
    replicas = new InSyncReplicas(ID, 0, unclean, 1, 10, 7, 0);
    replicas.own(10);
    acknowledge(1, 10, 1);

    InSyncChange change = replicas.propose(end, 1, LAG, _ -> true).orElseThrow();

    assertThat(change.recovered()).isTrue();
    assertThat(change.inSync()).containsExactly(new Member(0, -1));
  }
}
