package io.funes.server.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.metadata.MetadataCommand.RegisterBroker;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class ReplicaPlacementTest {
  @Test
  void replicasOfAPartitionAreOnDifferentBrokers() {
    Cluster cluster = Cluster.of(5);
    for (int replicas = 1; replicas <= 5; replicas++) {
      for (PartitionImage partition :
          cluster.changed(Commands.create("t" + replicas, 23, replicas, Map.of())).partitions()) {
        assertThat(new HashSet<>(partition.replicas())).hasSize(replicas);
        assertThat(partition.leaderId()).isEqualTo(partition.replicas().getFirst());
        assertThat(partition.inSync()).isEqualTo(partition.replicas());
      }
    }
  }

  @Test
  void leadersAndReplicasAreSpreadEvenly() {
    Cluster cluster = Cluster.of(3);
    for (int topic = 0; topic < 30; topic++) {
      cluster.changed(Commands.create("t" + topic, 1, 2, Map.of()));
    }

    Map<Integer, Long> leaders =
        StreamSupport.stream(cluster.image.topics().spliterator(), false)
            .map(topic -> topic.partitions().getFirst().leaderId())
            .collect(
                Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));

    assertThat(leaders).isEqualTo(Map.of(1, 10L, 2, 10L, 3, 10L));
    cluster.image.brokers().forEach(broker -> assertThat(broker.replicaCount()).isEqualTo(20));
  }

  @Test
  void followersOfOneLeaderAreSpreadOverAllOthers() {
    Set<Integer> followers =
        ReplicaPlacement.place(brokers(Cluster.of(4)), 0, 0, 40, 2).stream()
            .filter(partition -> partition.leaderId() == 1)
            .map(partition -> partition.replicas().get(1))
            .collect(Collectors.toSet());

    assertThat(followers).containsExactlyInAnyOrder(2, 3, 4);
  }

  @Test
  void addedPartitionsGoOnWhereTheOldOnesEnded() {
    Cluster cluster = Cluster.of(3);
    cluster.changed(Commands.create("other", 2));
    cluster.changed(Commands.create("orders", 2));

    List<Integer> leaders =
        cluster.changed(Commands.partitions("orders", 6)).partitions().stream()
            .map(PartitionImage::leaderId)
            .toList();

    assertThat(leaders).containsExactly(3, 1, 2, 3, 1, 2);
  }

  @Test
  void addedPartitionsGoOnAcrossRacks() {
    Cluster cluster = inRacks("a", "a", "b");
    cluster.changed(Commands.create("orders", 3));

    List<Integer> leaders =
        cluster.changed(Commands.partitions("orders", 6)).partitions().stream()
            .map(PartitionImage::leaderId)
            .toList();

    assertThat(leaders).containsExactly(1, 3, 2, 1, 3, 2);
  }

  @Test
  void replicasAreSpreadOverRacksAndStillEvenlyOverBrokers() {
    Cluster cluster = inRacks("a", "a", "b", "b", "c", "c");

    TopicImage topic = cluster.changed(Commands.create("t", 60, 3, Map.of()));

    for (PartitionImage partition : topic.partitions()) {
      assertThat(racks(cluster, partition)).containsExactlyInAnyOrder("a", "b", "c");
    }
    cluster.image.brokers().forEach(broker -> assertThat(broker.replicaCount()).isEqualTo(30));
  }

  @Test
  void withFewerRacksThanReplicasNoRackHoldsAllOfThem() {
    Cluster cluster = inRacks("a", "a", "a", "b");

    TopicImage topic = cluster.changed(Commands.create("t", 24, 3, Map.of()));

    assertThat(topic.partitions()).allMatch(each -> racks(cluster, each).contains("b"));
  }

  @Test
  void brokersThatAreDownOrOnTheirWayOutGetNoPartitions() {
    Cluster cluster = Cluster.of(4);
    cluster.fence(2);
    cluster.shutDown(3);

    cluster.changed(Commands.create("t", 10, 2, Map.of()));
    cluster.changed(Commands.partitions("t", 20));

    assertThat(cluster.broker(2).replicaCount()).isZero();
    assertThat(cluster.broker(3).replicaCount()).isZero();
    assertThat(cluster.refused(Commands.create("u", 1, 3, Map.of())).metadata())
        .containsEntry("brokers", "2");
  }

  private static Cluster inRacks(String... racks) {
    Cluster cluster = new Cluster();
    for (int id = 1; id <= racks.length; id++) {
      cluster.apply(
          new RegisterBroker(
              id,
              new UUID(id, 0),
              "host:" + id,
              "",
              Optional.of(racks[id - 1]),
              Optional.empty(),
              true));
      cluster.unfence(id);
    }
    return cluster;
  }

  private static List<String> racks(Cluster cluster, PartitionImage partition) {
    return partition.replicas().stream()
        .map(id -> cluster.broker(id).rack().orElseThrow())
        .toList();
  }

  private static List<BrokerImage> brokers(Cluster cluster) {
    return StreamSupport.stream(cluster.image.brokers().spliterator(), false).toList();
  }
}
