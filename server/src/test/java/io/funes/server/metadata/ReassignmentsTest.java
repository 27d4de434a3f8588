package io.funes.server.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.PartitionId;
import io.funes.server.metadata.MetadataCommand.AlterReplicas;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Partitions move to other brokers. */
class ReassignmentsTest {
  private final Cluster cluster = Cluster.of(5);

  @Test
  void replicasAreAddedFirstAndTheOldOnesGoWhenAllNewOnesAreInSync() {
    PartitionImage before = cluster.partitionOn("t", Map.of(), 1, 2);

    move("t", 3, 4);
    PartitionImage moving = cluster.partition("t");
    assertThat(moving.replicas()).containsExactly(3, 4, 1, 2);
    assertThat(moving.adding()).containsExactly(3, 4);
    assertThat(moving.removing()).containsExactly(1, 2);
    assertThat(moving.leaderId()).isEqualTo(1);
    assertThat(cluster.broker(3).replicaCount()).isEqualTo(1);
    assertThat(cluster.topic("t").replicationFactor()).isEqualTo(2);

    cluster.inSync("t", 1, 2, 3);
    assertThat(cluster.partition("t").adding()).containsExactly(3, 4);
    cluster.inSync("t", 1, 3, 4);

    PartitionImage after = cluster.partition("t");
    assertThat(after.replicas()).containsExactly(3, 4);
    assertThat(after.inSync()).containsExactly(3, 4);
    assertThat(after.adding()).isEmpty();
    assertThat(after.removing()).isEmpty();
    assertThat(after.leaderId()).as("the leader was taken away").isEqualTo(3);
    assertThat(after.leaderEpoch()).isGreaterThan(before.leaderEpoch());
    assertThat(cluster.broker(1).replicaCount()).isZero();
  }

  @Test
  void replicaThatGoesRaisesTheLeaderEpochThoughTheLeaderStays() {
    PartitionImage before = cluster.partitionOn("t", Map.of(), 1, 2, 3);

    move("t", 1, 2);

    PartitionImage after = cluster.partition("t");
    assertThat(after.replicas()).containsExactly(1, 2);
    assertThat(after.leaderId()).isEqualTo(1);
    assertThat(after.leaderEpoch()).isEqualTo(before.leaderEpoch() + 1);
  }

  @Test
  void cancellingBringsTheOldReplicasBack() {
    cluster.partitionOn("t", Map.of(), 1, 2);
    move("t", 3, 1);
    cluster.inSync("t", 1);

    cluster
        .apply(new AlterReplicas(cluster.id("t"), Optional.empty(), MetadataLimits.DEFAULT))
        .orThrow();

    PartitionImage after = cluster.partition("t");
    assertThat(after.replicas()).containsExactly(1, 2);
    assertThat(after.inSync()).containsExactly(1);
    assertThat(after.adding()).isEmpty();
    assertThat(cluster.broker(3).replicaCount()).isZero();
  }

  @Test
  void cancellingIsRefusedWhereOnlyNewReplicasHaveTheRecords() {
    cluster.partitionOn("t", Map.of(), 1);
    move("t", 2, 3);
    cluster.inSync("t", 1, 2);
    cluster.fence(1);
    AlterReplicas cancel =
        new AlterReplicas(cluster.id("t"), Optional.empty(), MetadataLimits.DEFAULT);

    assertThat(cluster.refused(cancel).code()).isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
    assertThat(cluster.partition("t").leaderId()).isEqualTo(2);
  }

  @Test
  void anotherTargetReplacesTheOneUnderWay() {
    cluster.partitionOn("t", Map.of(), 1, 2);
    move("t", 3, 4);

    move("t", 4, 5);

    PartitionImage after = cluster.partition("t");
    assertThat(after.replicas()).containsExactly(4, 5, 1, 2);
    assertThat(after.adding()).containsExactly(4, 5);
    assertThat(after.removing()).containsExactly(1, 2);
    assertThat(cluster.broker(3).replicaCount()).isZero();
  }

  @Test
  void targetMustBeBrokersThatAreUp() {
    cluster.partitionOn("t", Map.of(), 1);
    cluster.fence(5);

    assertThat(refused("t", 1, 5)).isEqualTo(ErrorCode.INELIGIBLE_REPLICA);
    assertThat(refused("t", 1, 99)).isEqualTo(ErrorCode.UNKNOWN_BROKER);
    assertThat(refused("t", 2, 2)).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(refused("t")).isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
    PartitionId beyond = new PartitionId(cluster.id("t").topicId(), 1);
    assertThat(cluster.refused(Commands.replicas(beyond, List.of(1))).code())
        .isEqualTo(ErrorCode.UNKNOWN_PARTITION);
  }

  @Test
  void targetThatIsFullIsRefused() {
    cluster.partitionOn("a", Map.of(), 1);
    cluster.partitionOn("b", Map.of(), 2);
    AlterReplicas command =
        new AlterReplicas(cluster.id("b"), Optional.of(List.of(1)), new MetadataLimits(1, 1, 1));

    assertThat(cluster.refused(command).code()).isEqualTo(ErrorCode.TOO_MANY_PARTITIONS);
  }

  private void move(String topic, Integer... replicas) {
    cluster.apply(Commands.replicas(cluster.id(topic), List.of(replicas))).orThrow();
  }

  private ErrorCode refused(String topic, Integer... replicas) {
    return cluster.refused(Commands.replicas(cluster.id(topic), List.of(replicas))).code();
  }
}
