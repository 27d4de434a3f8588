package io.funes.cli.cluster;

import io.funes.client.LeaderElection;
import io.funes.client.PartitionDescription;
import io.funes.client.TopicPartition;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Has partitions led by their preferred replicas, where these are in sync. */
final class PreferredLeaders {
  /** As many as one call takes. */
  private static final int CALL_MAX = 1_000;

  private PreferredLeaders() {}

  /** Asks the cluster for elections in these partitions, at least one. */
  @FunctionalInterface
  interface Elections {
    List<LeaderElection> of(Collection<TopicPartition> partitions);
  }

  /** Returns how many of them changed their leader. */
  static long elect(
      Map<TopicPartition, PartitionDescription> partitions,
      Predicate<TopicPartition> which,
      Elections elections) {
    List<TopicPartition> ledByOthers =
        partitions.entrySet().stream()
            .filter(each -> which.test(each.getKey()))
            .filter(each -> each.getValue().leaderId() != each.getValue().replicaIds().getFirst())
            .map(Map.Entry::getKey)
            .toList();
    long changed = 0;
    for (int from = 0; from < ledByOthers.size(); from += CALL_MAX) {
      int to = Math.min(from + CALL_MAX, ledByOthers.size());
      changed +=
          elections.of(ledByOthers.subList(from, to)).stream()
              .filter(each -> each.failure().isEmpty())
              .count();
    }
    return changed;
  }
}
