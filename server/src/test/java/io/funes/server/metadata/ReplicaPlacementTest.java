package io.funes.server.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
        ReplicaPlacement.place(List.of(1, 2, 3, 4), 0, 0, 40, 2).stream()
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
}
