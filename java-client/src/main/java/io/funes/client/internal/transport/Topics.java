package io.funes.client.internal.transport;

import io.funes.client.PartitionDescription;
import io.funes.client.PartitionOffsets;
import io.funes.client.TopicDescription;
import io.funes.client.TopicPartition;
import io.funes.proto.v1.FetchServiceGrpc;
import io.funes.proto.v1.GetTopicRequest;
import io.funes.proto.v1.ListOffsetsRequest;
import io.funes.proto.v1.Partition;
import io.funes.proto.v1.PartitionOffset;
import io.funes.proto.v1.Topic;
import io.funes.proto.v1.TopicServiceGrpc;
import io.funes.proto.v1.TopicStart;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Questions about topics, and the answers in this client's types. */
public final class Topics {
  private Topics() {}

  public static Topic get(Connection connection, String name, long timeoutNanos) {
    GetTopicRequest request = GetTopicRequest.newBuilder().setName(name).build();
    return connection.call(TopicServiceGrpc.getGetTopicMethod(), request, timeoutNanos).getTopic();
  }

  public static List<PartitionOffsets> offsets(
      Connection connection, List<TopicStart> topics, long timeoutNanos) {
    ListOffsetsRequest request = ListOffsetsRequest.newBuilder().addAllTopics(topics).build();
    return connection
        .call(FetchServiceGrpc.getListOffsetsMethod(), request, timeoutNanos)
        .getOffsetsList()
        .stream()
        .map(Topics::offsets)
        .toList();
  }

  private static PartitionOffsets offsets(PartitionOffset found) {
    return new PartitionOffsets(
        new TopicPartition(found.getTopic(), found.getPartition()),
        found.getOffset(),
        found.hasTimestampMs() ? OptionalLong.of(found.getTimestampMs()) : OptionalLong.empty(),
        found.getLogStartOffset(),
        found.getHighWatermark());
  }

  public static TopicDescription describe(Topic topic) {
    return new TopicDescription(
        topic.getName(),
        topic.getId(),
        topic.getPartitionCount(),
        topic.getReplicationFactor(),
        topic.getPartitionsList().stream().map(Topics::describe).toList(),
        sorted(topic.getConfigsMap()),
        sorted(topic.getEffectiveConfigsMap()),
        topic.getInternal(),
        Instant.ofEpochSecond(
            topic.getCreateTime().getSeconds(), topic.getCreateTime().getNanos()));
  }

  private static Map<String, String> sorted(Map<String, String> configs) {
    return Collections.unmodifiableMap(new TreeMap<>(configs));
  }

  static PartitionDescription describe(Partition partition) {
    return new PartitionDescription(
        partition.getPartition(),
        partition.getLeaderId(),
        partition.getLeaderEpoch(),
        List.copyOf(partition.getReplicaIdsList()),
        List.copyOf(partition.getInSyncReplicaIdsList()));
  }
}
