package io.funes.server.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.PartitionId;
import io.funes.server.common.TopicId;
import io.funes.server.metadata.InSyncChange.Member;
import io.funes.server.metadata.MetadataCommand.AlterInSync;
import io.funes.server.metadata.MetadataCommand.CreateTopic;
import io.funes.server.metadata.MetadataCommand.ElectLeaders;
import io.funes.server.metadata.MetadataCommand.Origin;
import io.funes.server.metadata.PartitionAnswer.Altered;
import io.funes.server.metadata.PartitionAnswer.Refused;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Leaders change their in-sync replicas: compare-and-set. */
class InSyncChangesTest {
  private static final Map<String, String> MIN_2 = Map.of("min.insync.replicas", "2");

  private final Cluster cluster = Cluster.of(3);

  @BeforeEach
  void threeReplicas() {
    cluster.partitionOn("t", MIN_2, 1, 2, 3);
  }

  @Test
  void leaderShrinksAndGrowsTheSet() {
    PartitionImage before = cluster.partition("t");

    assertThat(cluster.inSync("t", 3, 1)).isEqualTo(new Altered(cluster.partition("t")));
    assertThat(cluster.partition("t").inSync()).containsExactly(1, 3);
    assertThat(cluster.partition("t").partitionEpoch()).isEqualTo(before.partitionEpoch() + 1);
    assertThat(cluster.partition("t").leaderEpoch()).isEqualTo(before.leaderEpoch());

    cluster.inSync("t", 1, 2, 3);
    assertThat(cluster.partition("t").inSync()).containsExactly(1, 2, 3);
  }

  @Test
  void sameSetAgainRaisesNoEpoch() {
    PartitionImage before = cluster.partition("t");

    assertThat(cluster.inSync("t", 1, 2, 3)).isEqualTo(new Altered(before));
    assertThat(cluster.delta.isEmpty()).isTrue();
  }

  @Test
  void answerThatWasLostIsToldFromTheEpoch() {
    InSyncChange change = cluster.change("t", false, 1, 2);
    cluster.alter(change);

    assertThat(cluster.alter(change)).isEqualTo(refused(ErrorCode.STALE_PARTITION_EPOCH));
    assertThat(cluster.partition("t").inSync()).containsExactly(1, 2);
  }

  @Test
  void deposedLeaderIsFencedByItsEpoch() {
    InSyncChange late = cluster.change("t", false, 1);
    cluster.fence(1);
    cluster.unfence(1);

    assertThat(cluster.alter(1, late)).containsExactly(refused(ErrorCode.FENCED_LEADER_EPOCH));
    assertThat(cluster.partition("t").leaderId()).isEqualTo(2);
  }

  @Test
  void whoDoesNotLeadIsRefused() {
    assertThat(cluster.alter(2, cluster.change("t", false, 2)))
        .containsExactly(refused(ErrorCode.NOT_LEADER));
  }

  @Test
  void epochsThatNeverWereAreRefused() {
    InSyncChange now = cluster.change("t", false, 1, 2);

    assertThat(cluster.alter(with(now, now.leaderEpoch() + 1, now.partitionEpoch())))
        .isEqualTo(refused(ErrorCode.UNKNOWN_LEADER_EPOCH));
    assertThat(cluster.alter(with(now, now.leaderEpoch(), now.partitionEpoch() + 1)))
        .isEqualTo(refused(ErrorCode.UNKNOWN_LEADER_EPOCH));
  }

  @Test
  void formerIncarnationOfTheLeaderIsRefusedAsAWhole() {
    long old = cluster.broker(1).epoch();
    InSyncChange change = cluster.change("t", false, 1);
    cluster.restart(1, true);

    assertThat(cluster.refused(new AlterInSync(1, old, List.of(change))).code())
        .isEqualTo(ErrorCode.STALE_BROKER_EPOCH);
  }

  @Test
  void oneRefusalDoesNotRefuseTheOthers() {
    cluster.partitionOn("other", Map.of(), 1, 2);
    PartitionId nowhere = new PartitionId(new TopicId(new UUID(4, 4)), 0);
    PartitionId beyond = new PartitionId(cluster.id("t").topicId(), 1);
    InSyncChange good = cluster.change("other", false, 1);

    List<PartitionAnswer> answers =
        cluster.alter(
            1,
            new InSyncChange(nowhere, 0, 0, List.of(), false),
            new InSyncChange(beyond, 0, 0, List.of(), false),
            cluster.change("t", false, 2),
            good);

    assertThat(answers)
        .containsExactly(
            new Refused(ErrorCode.UNKNOWN_TOPIC, Optional.empty()),
            new Refused(ErrorCode.UNKNOWN_PARTITION, Optional.empty()),
            refused(ErrorCode.INELIGIBLE_REPLICA),
            new Altered(cluster.partition("other")));
    assertThat(cluster.partition("other").inSync()).containsExactly(1);
  }

  @Test
  void topicCreatedAgainIsAnotherPartition() {
    InSyncChange late = cluster.change("t", false, 1);
    cluster.apply(Commands.delete("t"));
    cluster.changed(
        new CreateTopic(
            new TopicId(new UUID(5, 5)),
            new io.funes.server.common.TopicName("t"),
            1,
            3,
            Map.of(),
            0,
            Origin.CLIENT,
            MetadataLimits.DEFAULT));

    assertThat(cluster.alter(1, late))
        .containsExactly(new Refused(ErrorCode.UNKNOWN_TOPIC, Optional.empty()));
    assertThat(cluster.partition("t").inSync()).hasSize(3);
  }

  @Test
  void membersMustBeReplicasThatAreUpAndStay() {
    cluster.apply(Commands.register(4));
    assertThat(cluster.inSync("t", 1, 2, 3, 4)).isEqualTo(refused(ErrorCode.INELIGIBLE_REPLICA));
    assertThat(cluster.inSync("t", 1, 99)).isEqualTo(refused(ErrorCode.INELIGIBLE_REPLICA));

    cluster.fence(2);
    assertThat(cluster.inSync("t", 1, 2, 3)).isEqualTo(refused(ErrorCode.INELIGIBLE_REPLICA));

    cluster.shutDown(3);
    assertThat(cluster.inSync("t", 1, 3)).isEqualTo(refused(ErrorCode.INELIGIBLE_REPLICA));
  }

  @Test
  void replicaThatWasStartedAgainDoesNotGetInByItsFormerLife() {
    Member former = new Member(2, cluster.broker(2).epoch());
    cluster.restart(2, false);
    cluster.unfence(2);
    InSyncChange now = cluster.change("t", false, 1, 2, 3);
    List<Member> members =
        now.inSync().stream().map(each -> each.brokerId() == 2 ? former : each).toList();

    PartitionAnswer late =
        cluster.alter(
            new InSyncChange(
                now.partition(), now.leaderEpoch(), now.partitionEpoch(), members, false));

    assertThat(late).isEqualTo(refused(ErrorCode.INELIGIBLE_REPLICA));
    assertThat(cluster.alter(now)).isInstanceOf(Altered.class);
  }

  @Test
  void setBelowItsMinimumKeepsThoseThatLeaveEligibleUntilItIsReachedAgain() {
    cluster.inSync("t", 1, 2);
    assertThat(cluster.partition("t").eligibleLeaders()).isEmpty();
    cluster.inSync("t", 1);
    assertThat(cluster.partition("t").eligibleLeaders()).containsExactly(2);

    cluster.inSync("t", 1, 3);

    assertThat(cluster.partition("t").eligibleLeaders()).isEmpty();
  }

  @Test
  void minimumCountsNoMoreReplicasThanThereAre() {
    cluster.partitionOn("small", Map.of("min.insync.replicas", "5"), 1, 2);

    assertThat(cluster.partition("small").eligibleLeaders()).isEmpty();
    cluster.inSync("small", 1);
    assertThat(cluster.partition("small").eligibleLeaders()).containsExactly(2);
    cluster.inSync("small", 1, 2);
    assertThat(cluster.partition("small").eligibleLeaders()).isEmpty();
  }

  @Test
  void leaderElectedUncleanStaysAloneUntilItHasRecovered() {
    cluster.partitionOn("lost", Map.of(), 1, 3);
    cluster.inSync("lost", 1);
    cluster.fence(1);
    cluster.apply(new ElectLeaders(List.of(cluster.id("lost")), ElectLeaders.Kind.UNCLEAN));
    assertThat(cluster.partition("lost").leaderId()).isEqualTo(3);
    cluster.unfence(1);

    assertThat(cluster.inSync("lost", 1, 3))
        .isEqualTo(
            new Refused(ErrorCode.INELIGIBLE_REPLICA, Optional.of(cluster.partition("lost"))));
    assertThat(cluster.inSync("lost", 3)).isInstanceOf(Altered.class);
    assertThat(cluster.partition("lost").recovering()).isTrue();

    cluster.alter(cluster.change("lost", true, 3));
    assertThat(cluster.partition("lost").recovering()).isFalse();
    assertThat(cluster.inSync("lost", 1, 3)).isInstanceOf(Altered.class);
  }

  private PartitionAnswer refused(ErrorCode reason) {
    return new Refused(reason, Optional.of(cluster.partition("t")));
  }

  private static InSyncChange with(InSyncChange change, int leaderEpoch, int partitionEpoch) {
    return new InSyncChange(
        change.partition(), leaderEpoch, partitionEpoch, change.inSync(), change.recovered());
  }
}
