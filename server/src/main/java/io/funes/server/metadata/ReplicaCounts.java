package io.funes.server.metadata;

import java.util.Map;
import java.util.TreeMap;

/** How many replicas each broker gains or loses by a change of topics. */
final class ReplicaCounts {
  private final Map<Integer, Integer> gains = new TreeMap<>();

  ReplicaCounts add(TopicImage topic) {
    topic.partitions().forEach(partition -> count(partition, 1));
    return this;
  }

  ReplicaCounts remove(TopicImage topic) {
    topic.partitions().forEach(partition -> count(partition, -1));
    return this;
  }

  /** Both have the same number of partitions, most of them on the same brokers. */
  ReplicaCounts change(TopicImage before, TopicImage after) {
    for (int number = 0; number < after.partitions().size(); number++) {
      PartitionImage old = before.partitions().get(number);
      PartitionImage now = after.partitions().get(number);
      if (!old.replicas().equals(now.replicas())) {
        count(old, -1);
        count(now, 1);
      }
    }
    return this;
  }

  PersistentSortedMap<Integer, BrokerImage> applied(
      PersistentSortedMap<Integer, BrokerImage> brokers) {
    PersistentSortedMap<Integer, BrokerImage> result = brokers;
    for (Map.Entry<Integer, Integer> gain : gains.entrySet()) {
      BrokerImage broker = brokers.get(gain.getKey()).orElse(null);
      if (broker != null && gain.getValue() != 0) {
        int count = broker.replicaCount() + gain.getValue();
        result = result.with(broker.id(), broker.withReplicaCount(count));
      }
    }
    return result;
  }

  private void count(PartitionImage partition, int sign) {
    partition.replicas().forEach(broker -> gains.merge(broker, sign, Integer::sum));
  }
}
