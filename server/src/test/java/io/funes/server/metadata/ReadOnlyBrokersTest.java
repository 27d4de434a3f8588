package io.funes.server.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.common.ErrorCode;
import io.funes.server.metadata.MetadataCommand.ElectLeaders;
import io.funes.server.metadata.MetadataCommand.SetReadOnly;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A broker whose disk takes nothing more, or takes it again. */
class ReadOnlyBrokersTest {
  private final Cluster cluster = Cluster.of(3);

  private void readOnly(int id, boolean readOnly) {
    cluster.apply(new SetReadOnly(id, cluster.broker(id).epoch(), readOnly)).orThrow();
  }

  @Test
  void othersLeadInItsPlaceAndItStaysInSync() {
    PartitionImage before = cluster.partitionOn("led", Map.of(), 1, 2, 3);
    PartitionImage followed = cluster.partitionOn("followed", Map.of(), 2, 1);

    readOnly(1, true);

    PartitionImage after = cluster.partition("led");
    assertThat(after.leaderId()).isEqualTo(2);
    assertThat(after.leaderEpoch()).isEqualTo(before.leaderEpoch() + 1);
    assertThat(after.inSync()).containsExactly(1, 2, 3);
    assertThat(cluster.partition("followed")).isEqualTo(followed);
  }

  @Test
  void itLeadsWhereNobodyElseCouldUntilSomebodyCan() {
    cluster.partitionOn("alone", Map.of(), 1);
    cluster.partitionOn("t", Map.of(), 1, 2);
    cluster.inSync("t", 1);
    PartitionImage before = cluster.partition("t");

    readOnly(1, true);
    assertThat(cluster.partition("t")).isEqualTo(before);
    assertThat(cluster.partition("alone").leaderId()).isEqualTo(1);

    cluster.inSync("t", 1, 2);
    assertThat(cluster.partition("t").leaderId()).isEqualTo(2);
  }

  @Test
  void whatOnlyItHasInSyncIsReadableByWayOfIt() {
    cluster.partitionOn("t", Map.of(), 1, 2);
    readOnly(2, true);

    cluster.fence(1);

    assertThat(cluster.partition("t").leaderId()).isEqualTo(2);
    assertThat(cluster.partition("t").inSync()).containsExactly(2);
  }

  @Test
  void whereAllAreReadOnlyTheLeaderStays() {
    PartitionImage before = cluster.partitionOn("t", Map.of(), 1, 2, 3);
    readOnly(3, true);
    readOnly(2, true);

    readOnly(1, true);

    assertThat(cluster.partition("t")).isEqualTo(before);
    readOnly(2, false);
    assertThat(cluster.partition("t").leaderId()).isEqualTo(2);
  }

  @Test
  void itShutsDownInFavourOfOneThatIsReadOnlyToo() {
    cluster.partitionOn("t", Map.of(), 1, 2);
    readOnly(1, true);
    readOnly(2, true);
    int leader = cluster.partition("t").leaderId();

    assertThat(cluster.shutDown(leader)).isZero();
    assertThat(cluster.partition("t").leaderId()).isEqualTo(3 - leader);
  }

  @Test
  void itIsNotThePreferredLeaderOfAnything() {
    cluster.partitionOn("t", Map.of(), 1, 2);
    readOnly(1, true);

    cluster
        .apply(new ElectLeaders(List.of(cluster.id("t")), ElectLeaders.Kind.PREFERRED))
        .orThrow();

    assertThat(cluster.partition("t").leaderId()).isEqualTo(2);
  }

  @Test
  void newPartitionsGoElsewhereWhileTheOthersAreEnough() {
    readOnly(1, true);

    cluster.changed(Commands.create("two", 4, 2, Map.of()));
    assertThat(cluster.topic("two").partitions())
        .allSatisfy(partition -> assertThat(partition.replicas()).doesNotContain(1));

    cluster.changed(Commands.create("three", 4, 3, Map.of()));
    assertThat(cluster.topic("three").partitions())
        .allSatisfy(partition -> {
          assertThat(partition.replicas()).contains(1);
          assertThat(partition.leaderId()).isNotEqualTo(1);
        });
    assertThat(cluster.refused(Commands.replicas(cluster.id("two"), List.of(1, 2))).code())
        .isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
  }

  @Test
  void itIsSoInThisLifeOnly() {
    readOnly(1, true);
    long old = cluster.broker(1).epoch();

    cluster.restart(1, true);

    assertThat(cluster.broker(1).readOnly()).isFalse();
    assertThat(cluster.refused(new SetReadOnly(1, old, true)).code())
        .isEqualTo(ErrorCode.STALE_BROKER_EPOCH);
  }

  @Test
  void registeringAgainInTheSameLifeChangesNothing() {
    readOnly(1, true);

    cluster.apply(Commands.register(1)).orThrow();

    assertThat(cluster.broker(1).readOnly()).isTrue();
  }
}
