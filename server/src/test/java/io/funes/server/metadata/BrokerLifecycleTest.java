package io.funes.server.metadata;

import static io.funes.server.metadata.PartitionImage.NO_LEADER;
import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.metadata.MetadataCommand.FenceBroker;
import io.funes.server.metadata.MetadataCommand.JoinBroker;
import io.funes.server.metadata.MetadataCommand.RegisterBroker;
import io.funes.server.metadata.MetadataCommand.UnfenceBroker;
import io.funes.server.metadata.MetadataCommand.UnregisterBroker;
import io.funes.server.metadata.Outcome.BrokerJoined;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Brokers come and go, and their partitions follow in the same step. */
class BrokerLifecycleTest {
  private static final Map<String, String> MIN_2 = Map.of("min.insync.replicas", "2");

  private final Cluster cluster = Cluster.of(3);

  @Test
  void newBrokersGetTheNextFreeIdAndARepeatedCallTheSame() {
    assertThat(joined(new UUID(9, 1))).isEqualTo(4);
    assertThat(joined(new UUID(9, 2))).isEqualTo(5);
    assertThat(joined(new UUID(9, 1))).isEqualTo(4);
    cluster.apply(Commands.register(17));
    assertThat(joined(new UUID(9, 3))).isEqualTo(18);
  }

  @Test
  void brokerRegistersFencedAndTakesNoReplicasUntilUnfenced() {
    cluster.restart(3, true);

    Refusal refusal = cluster.refused(Commands.create("t", 1, 3, Map.of()));
    assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
    assertThat(refusal.metadata())
        .containsEntry("brokers", "2")
        .containsEntry("brokers_registered", "3");
    assertThat(refusal.message()).contains("2 up of 3").contains("start those that are down");

    cluster.unfence(3);
    cluster.changed(Commands.create("t", 1, 3, Map.of()));
  }

  @Test
  void sameIncarnationAgainKeepsItsEpochAndItsState() {
    cluster.partitionOn("t", Map.of(), 1, 2);
    BrokerImage before = cluster.broker(1);
    PartitionImage partition = cluster.partition("t");

    cluster.apply(
        new RegisterBroker(
            1, before.incarnation(), "moved:1", "", Optional.empty(), Optional.empty(), true));

    assertThat(cluster.broker(1).epoch()).isEqualTo(before.epoch());
    assertThat(cluster.broker(1).fenced()).isFalse();
    assertThat(cluster.broker(1).address()).isEqualTo("moved:1");
    assertThat(cluster.partition("t")).isEqualTo(partition);
  }

  @Test
  void anotherIncarnationIsFencedAndItsPartitionsMoveInTheSameStep() {
    cluster.partitionOn("t", Map.of(), 1, 2);
    long epoch = cluster.broker(1).epoch();

    cluster.restart(1, true);

    assertThat(cluster.broker(1).epoch()).isGreaterThan(epoch);
    assertThat(cluster.broker(1).fenced()).isTrue();
    assertThat(cluster.partition("t").leaderId()).isEqualTo(2);
    assertThat(cluster.partition("t").inSync()).containsExactly(2);
  }

  @Test
  void cleanRestartStaysEligibleAndAnUncleanOneDoesNot() {
    cluster.partitionOn("clean", MIN_2, 1, 2);
    cluster.restart(2, true);
    assertThat(cluster.partition("clean").eligibleLeaders()).containsExactly(2);

    cluster.restart(2, false);

    assertThat(cluster.partition("clean").eligibleLeaders()).isEmpty();
    assertThat(cluster.partition("clean").leaderId()).isEqualTo(1);
  }

  @Test
  void markOfAnEarlierIncarnationIsNoProofOfCleanliness() {
    cluster.partitionOn("t", MIN_2, 1, 2);
    UUID first = cluster.broker(2).incarnation();
    cluster.restart(2, true);
    cluster.unfence(2);

    cluster.apply(
        new RegisterBroker(
            2, new UUID(2, 99), "a:1", "", Optional.empty(), Optional.of(first), true));

    assertThat(cluster.partition("t").eligibleLeaders()).isEmpty();
  }

  @Test
  void soleReplicaComesBackAfterAKill() {
    Cluster one = Cluster.of(1);
    one.changed(Commands.create("t", 3));
    int epoch = one.partition("t").leaderEpoch();

    one.restart(1, false);
    assertThat(one.partition("t").leaderId()).isEqualTo(NO_LEADER);
    one.unfence(1);

    assertThat(one.topic("t").partitions()).allMatch(partition -> partition.leaderId() == 1);
    assertThat(one.partition("t").inSync()).containsExactly(1);
    assertThat(one.partition("t").leaderEpoch()).isGreaterThan(epoch);
  }

  @Test
  void soleReplicaComesBackAfterACleanStopWithNothingToRecover() {
    Cluster one = Cluster.of(1);
    one.changed(Commands.create("t", 1));

    one.restart(1, true);
    one.unfence(1);

    assertThat(one.partition("t").leaderId()).isEqualTo(1);
    assertThat(one.partition("t").recovering()).isFalse();
  }

  @Test
  void whatAFormerIncarnationSaysIsRefused() {
    long old = cluster.broker(1).epoch();
    cluster.restart(1, true);

    for (MetadataCommand late :
        List.of(new UnfenceBroker(1, old), new FenceBroker(1, old), new UnregisterBroker(1, old))) {
      Refusal refusal = cluster.refused(late);
      assertThat(refusal.code()).isEqualTo(ErrorCode.STALE_BROKER_EPOCH);
      assertThat(refusal.metadata())
          .containsEntry("broker_epoch_now", Long.toString(cluster.broker(1).epoch()));
    }
    assertThat(cluster.broker(1).fenced()).isTrue();
    assertThat(cluster.refused(new FenceBroker(77, 1)).code()).isEqualTo(ErrorCode.UNKNOWN_BROKER);
  }

  @Test
  void shutdownHandsLeadershipOverAndLeavesTheInSyncReplicas() {
    cluster.partitionOn("a", Map.of(), 1, 2);
    cluster.partitionOn("b", Map.of(), 2, 1);

    assertThat(cluster.shutDown(1)).isZero();

    assertThat(cluster.partition("a").leaderId()).isEqualTo(2);
    assertThat(cluster.partition("a").replicas()).containsExactly(1, 2);
    assertThat(cluster.partition("a").inSync()).containsExactly(2);
    assertThat(cluster.partition("b").inSync()).containsExactly(2);
    assertThat(cluster.broker(1).shuttingDown()).isTrue();
  }

  @Test
  void brokerThatShutsDownLeadsWhereNobodyElseCanUntilSomebodyCan() {
    cluster.partitionOn("t", Map.of(), 1, 2);
    cluster.inSync("t", 1);
    PartitionImage before = cluster.partition("t");

    assertThat(cluster.shutDown(1)).isEqualTo(1);
    assertThat(cluster.partition("t")).isEqualTo(before);

    cluster.inSync("t", 1, 2);
    assertThat(cluster.partition("t").leaderId()).isEqualTo(2);
    assertThat(cluster.shutDown(1)).isZero();
    assertThat(cluster.partition("t").inSync()).containsExactly(2);
  }

  @Test
  void onlyABrokerThatIsDownAndEmptyIsForgotten() {
    cluster.partitionOn("t", Map.of(), 1);
    long epoch = cluster.broker(1).epoch();
    UnregisterBroker forget = new UnregisterBroker(1, epoch);

    assertThat(cluster.refused(forget).message()).contains("move them");
    cluster.apply(Commands.delete("t"));
    assertThat(cluster.refused(forget).code()).isEqualTo(ErrorCode.BROKER_IN_USE);
    cluster.fence(1);
    cluster.apply(forget).orThrow();

    assertThat(cluster.image.broker(1)).isEmpty();
    assertThat(cluster.delta.brokers()).hasSize(1);
    assertThat(joined(new UUID(9, 9))).as("ids are never given again").isEqualTo(4);
  }

  @Test
  void listenersHearOfBrokersAndOfLeadersThatMoved() {
    cluster.partitionOn("t", Map.of(), 1, 2);
    cluster.partitionOn("other", Map.of(), 2, 3);
    BrokerImage before = cluster.broker(1);

    cluster.fence(1);

    assertThat(cluster.delta.brokers())
        .containsExactly(
            new MetadataDelta.BrokerChange(Optional.of(before), Optional.of(cluster.broker(1))));
    assertThat(cluster.delta.changed())
        .singleElement()
        .satisfies(change -> {
          assertThat(change.after()).isEqualTo(cluster.topic("t"));
          assertThat(change.partitions()).containsExactly(0);
          assertThat(change.newLeaderEpochs()).containsExactly(0);
        });
  }

  @Test
  void topicsThatAFencedBrokerHasNoPartInAreShared() {
    cluster.partitionOn("t", Map.of(), 1, 2);
    cluster.partitionOn("other", Map.of(), 2, 3);
    TopicImage other = cluster.topic("other");

    cluster.fence(1);

    assertThat(cluster.topic("other")).isSameAs(other);
    assertThat(cluster.image.topic(other.id()).orElseThrow()).isSameAs(other);
  }

  @Test
  @Timeout(20)
  void tenThousandTopicsAreCreatedAndLoseABrokerInNoTime() {
    MetadataLimits limits = new MetadataLimits(10, 100_000, 1);
    for (int topic = 0; topic < 10_000; topic++) {
      cluster.changed(Commands.create("t" + topic, 1, 3, Map.of(), limits));
    }
    long start = System.nanoTime();

    cluster.fence(1);

    long tookMs = (System.nanoTime() - start) / 1_000_000;
    assertThat(cluster.delta.changed()).hasSize(10_000);
    assertThat(cluster.image.topics())
        .allMatch(topic -> topic.partitions().getFirst().leaderId() != 1);
    assertThat(tookMs).isLessThan(3_000);
  }

  private int joined(UUID token) {
    return ((BrokerJoined) cluster.apply(new JoinBroker(token)).orThrow()).brokerId();
  }
}
