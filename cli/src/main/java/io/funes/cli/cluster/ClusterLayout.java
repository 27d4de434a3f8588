package io.funes.cli.cluster;

import io.funes.client.Admin;
import io.funes.client.ClusterDescription;
import io.funes.client.ClusterDescription.Broker;
import io.funes.client.ClusterDescription.BrokerState;
import io.funes.client.Reassignment;
import io.funes.client.TopicPartition;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a plan is drawn up from. A partition that is moving already stands where it will be.
 *
 * @param brokers ids of all that are registered
 * @param takers those that may take replicas
 * @param racks of all brokers that have one
 * @param partitions brokers of each partition, preferred leader first
 */
record ClusterLayout(
    NavigableSet<Integer> brokers,
    NavigableSet<Integer> takers,
    Map<Integer, String> racks,
    Map<TopicPartition, List<Integer>> partitions) {

  static ClusterLayout read(ClusterDescription cluster, Admin admin) {
    NavigableSet<Integer> brokers = new TreeSet<>();
    NavigableSet<Integer> takers = new TreeSet<>();
    Map<Integer, String> racks = new TreeMap<>();
    for (Broker broker : cluster.brokers()) {
      brokers.add(broker.id());
      if (broker.state() == BrokerState.UP) {
        takers.add(broker.id());
      }
      if (!broker.rack().isEmpty()) {
        racks.put(broker.id(), broker.rack());
      }
    }
    // Moves first: one that ends between the two calls is then seen where it was going.
    List<Reassignment> moves = admin.reassignments();
    Map<TopicPartition, List<Integer>> partitions = new LinkedHashMap<>();
    admin.partitions().forEach((partition, now) -> partitions.put(partition, now.replicaIds()));
    for (Reassignment move : moves) {
      partitions.computeIfPresent(
          move.partition(), (_, _) -> without(move.replicaIds(), move.removingReplicaIds()));
    }
    return new ClusterLayout(brokers, takers, racks, Collections.unmodifiableMap(partitions));
  }

  private static List<Integer> without(List<Integer> ids, List<Integer> others) {
    return ids.stream().filter(id -> !others.contains(id)).toList();
  }
}
