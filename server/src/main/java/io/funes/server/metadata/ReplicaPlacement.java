package io.funes.server.metadata;

import java.util.ArrayList;
import java.util.List;

/**
 * Chooses the brokers of new partitions: leaders in turn, beginning where the last topic stopped,
 * and followers shifted against their leader by one more at each round, so that the partitions of a
 * lost broker spread over all others. Part of the log's meaning: see the package.
 */
final class ReplicaPlacement {
  private ReplicaPlacement() {}

  /**
   * Partitions {@code first} to {@code last} (exclusive) of a topic whose first leader is the
   * {@code start}-th broker.
   */
  static List<PartitionImage> place(
      List<Integer> brokerIds, int start, int first, int last, int replicationFactor) {
    List<PartitionImage> partitions = new ArrayList<>(last - first);
    for (int partition = first; partition < last; partition++) {
      partitions.add(
          PartitionImage.created(replicas(brokerIds, start + partition, replicationFactor)));
    }
    return partitions;
  }

  private static List<Integer> replicas(List<Integer> brokerIds, int turn, int replicationFactor) {
    int brokers = brokerIds.size();
    int leader = turn % brokers;
    int round = turn / brokers;
    List<Integer> replicas = new ArrayList<>(replicationFactor);
    replicas.add(brokerIds.get(leader));
    for (int follower = 0; follower < replicationFactor - 1; follower++) {
      int distance = 1 + (round + follower) % (brokers - 1);
      replicas.add(brokerIds.get((leader + distance) % brokers));
    }
    return replicas;
  }
}
