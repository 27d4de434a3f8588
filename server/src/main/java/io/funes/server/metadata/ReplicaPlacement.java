package io.funes.server.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Chooses the brokers of new partitions: leaders in turn, beginning where the last topic stopped,
 * and followers shifted against their leader by one more at each round, so that the partitions of a
 * lost broker spread over all others. A follower goes to the rack that has the fewest replicas of
 * its partition so far. Part of the log's meaning: see the package.
 */
final class ReplicaPlacement {
  private ReplicaPlacement() {}

  /**
   * Partitions {@code first} to {@code last} (exclusive) of a topic whose first leader is the
   * {@code start}-th broker {@link #acrossRacks}.
   */
  static List<PartitionImage> place(
      List<BrokerImage> brokers, int start, int first, int last, int replicationFactor) {
    List<BrokerImage> ring = acrossRacks(brokers);
    List<PartitionImage> partitions = new ArrayList<>(last - first);
    for (int partition = first; partition < last; partition++) {
      partitions.add(PartitionImage.created(replicas(ring, start + partition, replicationFactor)));
    }
    return partitions;
  }

  /** One broker of each rack in turn; in id order where there is one rack or none. */
  static List<BrokerImage> acrossRacks(List<BrokerImage> brokers) {
    Map<String, List<BrokerImage>> racks = new TreeMap<>();
    for (BrokerImage broker : brokers) {
      racks.computeIfAbsent(rack(broker), _ -> new ArrayList<>()).add(broker);
    }
    List<BrokerImage> ring = new ArrayList<>(brokers.size());
    for (int turn = 0; ring.size() < brokers.size(); turn++) {
      for (List<BrokerImage> rack : racks.values()) {
        if (turn < rack.size()) {
          ring.add(rack.get(turn));
        }
      }
    }
    return ring;
  }

  private static List<Integer> replicas(List<BrokerImage> ring, int turn, int replicationFactor) {
    int leader = turn % ring.size();
    int round = turn / ring.size();
    List<BrokerImage> free = new ArrayList<>(ring.size() - 1);
    for (int follower = 0; follower < ring.size() - 1; follower++) {
      int distance = 1 + (round + follower) % (ring.size() - 1);
      free.add(ring.get((leader + distance) % ring.size()));
    }
    Map<String, Integer> inRack = new TreeMap<>();
    List<Integer> replicas = new ArrayList<>(replicationFactor);
    BrokerImage next = ring.get(leader);
    while (true) {
      replicas.add(next.id());
      if (replicas.size() == replicationFactor) {
        return replicas;
      }
      inRack.merge(rack(next), 1, Integer::sum);
      next = firstOfEmptiestRack(free, inRack);
      free.remove(next);
    }
  }

  private static BrokerImage firstOfEmptiestRack(
      List<BrokerImage> free, Map<String, Integer> inRack) {
    BrokerImage best = free.getFirst();
    for (BrokerImage broker : free) {
      if (inRack.getOrDefault(rack(broker), 0) < inRack.getOrDefault(rack(best), 0)) {
        best = broker;
      }
    }
    return best;
  }

  /** Brokers without a rack stand together in one. */
  private static String rack(BrokerImage broker) {
    return broker.rack().orElse("");
  }
}
