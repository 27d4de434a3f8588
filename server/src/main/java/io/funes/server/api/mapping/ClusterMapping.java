package io.funes.server.api.mapping;

import io.funes.proto.v1.ClusterBroker;
import io.funes.proto.v1.DescribeClusterResponse;
import io.funes.proto.v1.PartitionCounts;
import io.funes.proto.v1.PartitionProblem;
import io.funes.proto.v1.UnhealthyPartition;
import io.funes.server.metadata.BrokerImage;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.PartitionImage;
import io.funes.server.metadata.TopicConfigs;
import io.funes.server.metadata.TopicImage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A cluster as its operator looks at it, gathered in one walk over all partitions. */
public final class ClusterMapping {
  private final MetadataImage image;
  private final Map<String, String> brokerDefaults;
  private final Map<Integer, Integer> leaders = new HashMap<>();
  private final Map<Integer, Integer> preferred = new HashMap<>();
  private final PartitionCounts.Builder counts = PartitionCounts.newBuilder();
  private final DescribeClusterResponse.Builder response = DescribeClusterResponse.newBuilder();

  private ClusterMapping(MetadataImage image, Map<String, String> brokerDefaults) {
    this.image = image;
    this.brokerDefaults = brokerDefaults;
  }

  /** A partition by its topic's name, in the order of names and numbers. */
  public record Place(String topic, int partition) implements Comparable<Place> {
    public static final Place FIRST = new Place("", 0);

    boolean after(String otherTopic, int otherPartition) {
      return compareTo(new Place(otherTopic, otherPartition)) > 0;
    }

    @Override
    public int compareTo(Place other) {
      int byName = topic.compareTo(other.topic);
      return byName == 0 ? Integer.compare(partition, other.partition) : byName;
    }
  }

  /** What a description names and where the next page begins. */
  public record Page(DescribeClusterResponse.Builder response, Optional<Place> next) {}

  /**
   * Brokers, counts of partitions, and the unhealthy ones of a page.
   *
   * @param brokerDefaults topic configs where a topic sets none
   */
  public static Page describe(
      MetadataImage image, Map<String, String> brokerDefaults, Place from, int size) {
    ClusterMapping mapping = new ClusterMapping(image, brokerDefaults);
    Optional<Place> next = mapping.walk(from, size);
    mapping.brokers();
    mapping.response.setRevision(image.revision()).setPartitions(mapping.counts);
    return new Page(mapping.response, next);
  }

  private Optional<Place> walk(Place from, int size) {
    Optional<Place> next = Optional.empty();
    for (TopicImage topic : image.topics()) {
      int minInSync = TopicConfigs.of(brokerDefaults, topic.configs()).minInsyncReplicas();
      String name = topic.name().value();
      for (int number = 0; number < topic.partitions().size(); number++) {
        PartitionImage partition = topic.partitions().get(number);
        int needed = Math.min(minInSync, partition.replicas().size());
        List<PartitionProblem> problems = PartitionHealth.problems(partition, needed);
        count(partition, problems);
        if (problems.isEmpty() || from.after(name, number) || next.isPresent()) {
          continue;
        }
        if (response.getUnhealthyPartitionsCount() == size) {
          next = Optional.of(new Place(name, number));
        } else {
          response.addUnhealthyPartitions(
              UnhealthyPartition.newBuilder()
                  .setTopic(name)
                  .setPartition(MetadataMapping.partition(number, partition))
                  .setMinInSyncReplicas(needed)
                  .addAllProblems(problems));
        }
      }
    }
    return next;
  }

  private void count(PartitionImage partition, List<PartitionProblem> problems) {
    leaders.merge(partition.leaderId(), 1, Integer::sum);
    preferred.merge(partition.replicas().getFirst(), 1, Integer::sum);
    counts.setTotal(counts.getTotal() + 1);
    if (PartitionHealth.reassigning(partition)) {
      counts.setReassigning(counts.getReassigning() + 1);
    }
    for (PartitionProblem problem : problems) {
      switch (problem) {
        case PARTITION_PROBLEM_UNDER_REPLICATED ->
            counts.setUnderReplicated(counts.getUnderReplicated() + 1);
        case PARTITION_PROBLEM_UNDER_MIN_IN_SYNC ->
            counts.setUnderMinInSync(counts.getUnderMinInSync() + 1);
        case PARTITION_PROBLEM_OFFLINE -> counts.setOffline(counts.getOffline() + 1);
        default -> throw new AssertionError(problem);
      }
    }
  }

  private void brokers() {
    for (BrokerImage broker : image.brokers()) {
      response.addBrokers(
          ClusterBroker.newBuilder()
              .setId(broker.id())
              .setAddress(broker.address())
              .setInternalAddress(broker.internalAddress())
              .setRack(broker.rack().orElse(""))
              .setEpoch(broker.epoch())
              .setState(MetadataMapping.state(broker))
              .setReplicaCount(broker.replicaCount())
              .setLeaderCount(leaders.getOrDefault(broker.id(), 0))
              .setPreferredLeaderCount(preferred.getOrDefault(broker.id(), 0)));
    }
  }
}
