package io.funes.server.api.mapping;

import com.google.protobuf.Timestamp;
import io.funes.proto.v1.Topic;
import io.funes.server.common.TopicName;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.MetadataRefusals;
import io.funes.server.metadata.TopicConfigs;
import io.funes.server.metadata.TopicImage;
import java.util.Map;

/** A topic's metadata as the protocol shows it. */
public final class TopicMapping {
  private final Map<String, String> brokerDefaults;

  public TopicMapping(Map<String, String> brokerDefaults) {
    this.brokerDefaults = Map.copyOf(brokerDefaults);
  }

  /** The topic of this name; a refusal where there is none. */
  public static TopicImage existing(MetadataImage image, TopicName name) {
    return image.topic(name).orElseThrow(() -> MetadataRefusals.unknownTopic(name).exception());
  }

  /** With partitions and all configs as they apply. */
  public Topic.Builder full(TopicImage topic) {
    Topic.Builder message = brief(topic).addAllPartitions(MetadataMapping.partitions(topic));
    return message.putAllEffectiveConfigs(
        TopicConfigs.of(brokerDefaults, topic.configs()).effective());
  }

  public Topic.Builder brief(TopicImage topic) {
    return Topic.newBuilder()
        .setName(topic.name().value())
        .setId(topic.id().toString())
        .setPartitionCount(topic.partitions().size())
        .setReplicationFactor(topic.replicationFactor())
        .putAllConfigs(topic.configs())
        .setInternal(topic.name().internal())
        .setCreateTime(
            Timestamp.newBuilder()
                .setSeconds(topic.createdMs() / 1000)
                .setNanos((int) (topic.createdMs() % 1000) * 1_000_000));
  }
}
