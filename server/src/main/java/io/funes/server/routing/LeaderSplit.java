package io.funes.server.routing;

import io.funes.proto.v1.PartitionStart;
import io.funes.proto.v1.TopicStart;
import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.replication.PartitionTable;
import io.funes.server.replication.ServedTopic;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A read in parts, one for each leader.
 *
 * @param parts in the order in which their leaders first occur
 * @param order whose each partition is, in the order asked for
 */
record LeaderSplit(Map<Leader, List<TopicStart>> parts, List<Leader> order) {
  static LeaderSplit of(List<TopicStart> asked, PartitionTable table, Routes routes) {
    LeaderSplit split = new LeaderSplit(new LinkedHashMap<>(), new ArrayList<>());
    for (TopicStart topic : asked) {
      split.add(topic, table.topic(topic.getTopic(), topic.getTopicId()), routes);
    }
    return split;
  }

  private void add(TopicStart asked, ServedTopic topic, Routes routes) {
    Map<Leader, TopicStart.Builder> shares = new LinkedHashMap<>();
    for (PartitionStart partition : partitions(asked, topic)) {
      topic.ledHere(partition.getPartition()); // Refuses a partition that there is not.
      Leader leader = routes.leader(topic, partition.getPartition());
      shares
          .computeIfAbsent(leader, _ -> asked.toBuilder().clearPartitions())
          .addPartitions(partition);
      order.add(leader);
    }
    if (order.size() > ReadLimits.PARTITIONS_MAX) {
      throw Refusal.of(
              ErrorCode.INVALID_ARGUMENT,
              "one call reads at most %d partitions".formatted(ReadLimits.PARTITIONS_MAX))
          .field("topics")
          .exception();
    }
    shares.forEach((leader, share) ->
        parts.computeIfAbsent(leader, _ -> new ArrayList<>()).add(share.build()));
  }

  private static List<PartitionStart> partitions(TopicStart asked, ServedTopic topic) {
    if (asked.getPartitionsCount() > 0) {
      return asked.getPartitionsList();
    }
    List<PartitionStart> all = new ArrayList<>();
    for (int number = 0; number < topic.partitionCount(); number++) {
      all.add(PartitionStart.newBuilder().setPartition(number).build());
    }
    return all;
  }

  /** What the leaders answered, in the order asked for. */
  <T> List<T> merge(Map<Leader, List<T>> answers) {
    Map<Leader, Iterator<T>> next = new LinkedHashMap<>();
    answers.forEach((leader, answer) -> next.put(leader, answer.iterator()));
    List<T> merged = new ArrayList<>(order.size());
    order.forEach(leader -> merged.add(next.get(leader).next()));
    return merged;
  }
}
