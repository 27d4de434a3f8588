package io.funes.server.metadata;

import io.funes.server.common.PartitionId;
import io.funes.server.common.TopicId;
import io.funes.server.common.TopicName;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A topic.
 *
 * @param partitions by partition number, at least one
 * @param configs set on the topic itself, in key order
 * @param createdMs when it was created, milliseconds since 1970-01-01 UTC
 */
public record TopicImage(
    TopicId id,
    TopicName name,
    List<PartitionImage> partitions,
    Map<String, String> configs,
    long createdMs) {
  public TopicImage {
    partitions = List.copyOf(partitions);
    // Sorted and not Map.copyOf, whose order differs from run to run.
    configs = Collections.unmodifiableSortedMap(new TreeMap<>(configs));
  }

  /** That of its first partition, when a reassignment under way is complete. */
  public int replicationFactor() {
    PartitionImage first = partitions.getFirst();
    return first.replicas().size() - first.removing().size();
  }

  public PartitionId partitionId(int partition) {
    return new PartitionId(id, partition);
  }

  TopicImage withPartitions(List<PartitionImage> newPartitions) {
    return new TopicImage(id, name, newPartitions, configs, createdMs);
  }

  TopicImage withConfigs(Map<String, String> newConfigs) {
    return new TopicImage(id, name, partitions, newConfigs, createdMs);
  }
}
