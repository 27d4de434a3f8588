package io.funes.client;

import io.funes.proto.v1.Earliest;
import io.funes.proto.v1.FetchServiceGrpc;
import io.funes.proto.v1.GetTopicRequest;
import io.funes.proto.v1.Latest;
import io.funes.proto.v1.ListOffsetsRequest;
import io.funes.proto.v1.Partition;
import io.funes.proto.v1.PartitionOffset;
import io.funes.proto.v1.Start;
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
final class Topics {
  private Topics() {}

  static Topic get(Connection connection, String name, long timeoutNanos) {
    GetTopicRequest request = GetTopicRequest.newBuilder().setName(name).build();
    return connection.call(TopicServiceGrpc.getGetTopicMethod(), request, timeoutNanos).getTopic();
  }

  static List<PartitionOffsets> offsets(
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

  static Start start(StartPosition position) {
    Start.Builder start = Start.newBuilder();
    return switch (position.kind) {
      case EARLIEST -> start.setEarliest(Earliest.getDefaultInstance()).build();
      case LATEST -> start.setLatest(Latest.getDefaultInstance()).build();
      case OFFSET -> start.setOffset(position.value).build();
      case TIMESTAMP -> start.setTimestampMs(position.value).build();
    };
  }

  static TopicDescription describe(Topic topic) {
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

  private static PartitionDescription describe(Partition partition) {
    return new PartitionDescription(
        partition.getPartition(),
        partition.getLeaderId(),
        partition.getLeaderEpoch(),
        List.copyOf(partition.getReplicaIdsList()),
        List.copyOf(partition.getInSyncReplicaIdsList()));
  }
}
