package io.funes.server.metadata;

import static io.funes.server.metadata.PartitionImage.NO_LEADER;
import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.common.ErrorCode;
import io.funes.server.metadata.MetadataCommand.ElectLeaders;
import io.funes.server.metadata.Outcome.LeadersElected;
import io.funes.server.metadata.PartitionAnswer.Altered;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who leads when a leader goes: in-sync, then eligible, then the last leader, then anyone. */
class ElectionsTest {
  private static final Map<String, String> MIN_2 = Map.of("min.insync.replicas", "2");

  private final Cluster cluster = Cluster.of(3);

  @Test
  void nextInSyncReplicaLeadsWhenTheLeaderIsFenced() {
    PartitionImage before = cluster.partitionOn("t", Map.of(), 1, 2, 3);
    cluster.inSync("t", 1, 3);
    int partitionEpoch = cluster.partition("t").partitionEpoch();

    cluster.fence(1);

    PartitionImage after = cluster.partition("t");
    assertThat(after.leaderId()).isEqualTo(3);
    assertThat(after.inSync()).containsExactly(3);
    assertThat(after.leaderEpoch()).isEqualTo(before.leaderEpoch() + 1);
    assertThat(after.partitionEpoch()).isEqualTo(partitionEpoch + 1);
    assertThat(after.recovering()).isFalse();
  }

  @Test
  void followerThatIsFencedLeavesTheSetAndTheLeaderKeepsItsEpoch() {
    PartitionImage before = cluster.partitionOn("t", Map.of(), 1, 2);

    cluster.fence(2);

    PartitionImage after = cluster.partition("t");
    assertThat(after.inSync()).containsExactly(1);
    assertThat(after.leaderEpoch()).isEqualTo(before.leaderEpoch());
    assertThat(after.partitionEpoch()).isEqualTo(before.partitionEpoch() + 1);
  }

  @Test
  void whoLeavesWhileTheSetIsBelowItsMinimumStaysEligibleAndCanLead() {
    cluster.partitionOn("t", MIN_2, 1, 2, 3);

    cluster.fence(3);
    assertThat(cluster.partition("t").eligibleLeaders()).isEmpty();
    cluster.fence(2);
    assertThat(cluster.partition("t").eligibleLeaders()).containsExactly(2);
    cluster.fence(1);
    assertThat(cluster.partition("t").inSync()).isEmpty();
    assertThat(cluster.partition("t").eligibleLeaders()).containsExactly(1, 2);
    assertThat(cluster.partition("t").leaderId()).isEqualTo(NO_LEADER);
    assertThat(cluster.partition("t").lastLeaderId()).isEqualTo(1);

    cluster.unfence(3);
    assertThat(cluster.partition("t").leaderId()).isEqualTo(NO_LEADER);
    cluster.unfence(2);
    PartitionImage after = cluster.partition("t");
    assertThat(after.leaderId()).isEqualTo(2);
    assertThat(after.inSync()).containsExactly(2);
    assertThat(after.eligibleLeaders()).containsExactly(1);
    assertThat(after.lastLeaderId()).isEqualTo(NO_LEADER);
    assertThat(after.recovering()).isFalse();
  }

  @Test
  void lastLeaderLeadsWhenNobodyCanHaveMore() {
    cluster.partitionOn("t", Map.of(), 1, 2);
    cluster.fence(2);
    cluster.fence(1);
    cluster.restart(1, false);
    assertThat(cluster.partition("t").eligibleLeaders()).isEmpty();

    cluster.unfence(2);
    assertThat(cluster.partition("t").leaderId()).isEqualTo(NO_LEADER);
    cluster.unfence(1);

    assertThat(cluster.partition("t").leaderId()).isEqualTo(1);
    assertThat(cluster.partition("t").recovering()).isTrue();
  }

  @Test
  void lastLeaderWaitsForAnEligibleOneThatIsDown() {
    cluster.partitionOn("t", MIN_2, 1, 2);
    cluster.fence(2, 1);
    cluster.restart(1, false);

    cluster.unfence(1);
    assertThat(cluster.partition("t").leaderId()).isEqualTo(NO_LEADER);
    cluster.unfence(2);

    assertThat(cluster.partition("t").leaderId()).isEqualTo(2);
    assertThat(cluster.partition("t").recovering()).isFalse();
  }

  @Test
  void uncleanElectionNeedsTheTopicsLeaveAndIsVisible() {
    Map<String, String> unclean = Map.of("unclean.leader.election", "true");
    cluster.partitionOn("safe", Map.of(), 1, 2);
    cluster.partitionOn("daring", unclean, 1, 2);
    cluster.inSync("safe", 1);
    cluster.inSync("daring", 1);

    cluster.fence(1);

    assertThat(cluster.partition("safe").leaderId()).isEqualTo(NO_LEADER);
    assertThat(cluster.partition("safe").eligibleLeaders()).containsExactly(1);
    PartitionImage daring = cluster.partition("daring");
    assertThat(daring.leaderId()).isEqualTo(2);
    assertThat(daring.inSync()).containsExactly(2);
    assertThat(daring.eligibleLeaders()).isEmpty();
    assertThat(daring.recovering()).isTrue();
    assertThat(cluster.delta.changed().getFirst().newLeaderEpochs()).containsExactly(0);
  }

  @Test
  void leaveGivenLaterElectsAtOnce() {
    cluster.partitionOn("t", Map.of(), 1, 2);
    cluster.inSync("t", 1);
    cluster.fence(1);

    cluster.changed(Commands.configs("t", Map.of("unclean.leader.election", "true"), Set.of()));

    assertThat(cluster.partition("t").leaderId()).isEqualTo(2);
    assertThat(cluster.partition("t").recovering()).isTrue();
  }

  @Test
  void uncleanElectionCanBeAskedFor() {
    cluster.partitionOn("t", Map.of(), 1, 2);
    cluster.inSync("t", 1);
    cluster.fence(1, 2);
    assertThat(elected("t", ElectLeaders.Kind.UNCLEAN))
        .isEqualTo(refused(ErrorCode.INELIGIBLE_REPLICA, "t"));
    cluster.unfence(2);

    PartitionAnswer answer = elected("t", ElectLeaders.Kind.UNCLEAN);

    assertThat(answer).isEqualTo(new Altered(cluster.partition("t")));
    assertThat(cluster.partition("t").leaderId()).isEqualTo(2);
    assertThat(cluster.partition("t").recovering()).isTrue();
  }

  @Test
  void uncleanElectionWithALeaderChangesNothing() {
    PartitionImage before = cluster.partitionOn("t", Map.of(), 1, 2);

    assertThat(elected("t", ElectLeaders.Kind.UNCLEAN)).isEqualTo(new Altered(before));
  }

  @Test
  void preferredLeaderLeadsAgainWhenItIsInSync() {
    cluster.partitionOn("t", Map.of(), 1, 2);
    cluster.fence(1);
    cluster.unfence(1);
    assertThat(elected("t", ElectLeaders.Kind.PREFERRED))
        .isEqualTo(refused(ErrorCode.INELIGIBLE_REPLICA, "t"));
    assertThat(cluster.partition("t").leaderId()).isEqualTo(2);
    cluster.inSync("t", 1, 2);
    int epoch = cluster.partition("t").leaderEpoch();

    elected("t", ElectLeaders.Kind.PREFERRED);

    assertThat(cluster.partition("t").leaderId()).isEqualTo(1);
    assertThat(cluster.partition("t").leaderEpoch()).isEqualTo(epoch + 1);
    assertThat(cluster.partition("t").inSync()).containsExactly(1, 2);
  }

  @Test
  void changedMinimumForgetsWhoIsEligibleUnlessNobodyLeads() {
    cluster.partitionOn("led", MIN_2, 1, 2);
    cluster.partitionOn("leaderless", MIN_2, 2, 3);
    cluster.fence(2, 3);
    assertThat(cluster.partition("led").eligibleLeaders()).containsExactly(2);

    for (String topic : List.of("led", "leaderless")) {
      cluster.changed(Commands.configs(topic, Map.of("min.insync.replicas", "3"), Set.of()));
    }

    assertThat(cluster.partition("led").eligibleLeaders()).isEmpty();
    assertThat(cluster.partition("leaderless").eligibleLeaders()).containsExactly(2, 3);
  }

  private PartitionAnswer elected(String topic, ElectLeaders.Kind kind) {
    Outcome outcome = cluster.apply(new ElectLeaders(List.of(cluster.id(topic)), kind));
    return ((LeadersElected) outcome.orThrow()).answers().getFirst();
  }

  private PartitionAnswer refused(ErrorCode reason, String topic) {
    return new PartitionAnswer.Refused(reason, java.util.Optional.of(cluster.partition(topic)));
  }
}
