package io.funes.server.metadata;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.common.TopicId;
import io.funes.server.common.TopicName;
import java.util.List;

/**
 * What a submitter is told, and what to do next. {@link #unknownTopic} and {@link #topicIdMismatch}
 * are the one text for that error in the broker.
 */
public final class MetadataRefusals {
  private MetadataRefusals() {}

  public static Refusal unknownTopic(TopicName name) {
    return Refusal.of(
            ErrorCode.UNKNOWN_TOPIC,
            "there is no topic %s: check the name, or create it first".formatted(name))
        .with("topic", name);
  }

  public static Refusal topicIdMismatch(TopicName name, TopicId expected, TopicId actual) {
    return Refusal.of(
            ErrorCode.TOPIC_ID_MISMATCH,
            "topic %s has id %s and not %s: it was deleted and created again; read it anew before you go on"
                .formatted(name, actual, expected))
        .with("topic", name)
        .with("topic_id", actual)
        .with("expected_topic_id", expected);
  }

  static Refusal topicExists(TopicName name) {
    return Refusal.of(
            ErrorCode.TOPIC_EXISTS,
            "topic %s exists: use it, update it, or choose another name".formatted(name))
        .with("topic", name);
  }

  static Refusal tooFewBrokers(
      int replicationFactor, List<BrokerImage> usable, MetadataImage image) {
    int up = usable.size();
    int known = image.brokers().size();
    String there = (up == 1 ? "there is " : "there are ") + up;
    return Refusal.of(
            ErrorCode.INVALID_REPLICATION_FACTOR,
            "%d replicas need %d brokers and %s: ask for fewer replicas or %s"
                .formatted(
                    replicationFactor,
                    replicationFactor,
                    up == known ? there : "%s up of %d".formatted(there, known),
                    up == known ? "add brokers" : "start those that are down"))
        .with("replication_factor", replicationFactor)
        .with("brokers", up)
        .with("brokers_registered", known)
        .field("replication_factor");
  }

  static Refusal partitionsOnlyRise(TopicImage topic, int count) {
    int has = topic.partitions().size();
    return Refusal.of(
            ErrorCode.INVALID_PARTITION_COUNT,
            "topic %s has %d partitions, and the count can only rise: ask for %d or more"
                .formatted(topic.name(), has, has + 1))
        .with("topic", topic.name())
        .with("partition_count", count)
        .with("partition_count_now", has)
        .field("partition_count");
  }

  static Refusal tooManyPartitions(BrokerImage broker, MetadataLimits limits) {
    return Refusal.of(
            ErrorCode.TOO_MANY_PARTITIONS,
            "broker %d would hold %d partitions and its limit is %d: delete topics, ask for fewer partitions, add brokers, or raise broker.partitions.max"
                .formatted(broker.id(), broker.replicaCount(), limits.brokerPartitionsMax()))
        .with("broker", broker.id())
        .with("partitions", broker.replicaCount())
        .with("partitions_max", limits.brokerPartitionsMax());
  }

  static Refusal tooManyProducers(MetadataLimits limits) {
    return Refusal.of(
            ErrorCode.LIMIT_REACHED,
            "there are %d named producers, which is the limit: use a name again, or an anonymous producer"
                .formatted(limits.producerNamesMax()))
        .with("producer_names_max", limits.producerNamesMax());
  }

  static Refusal epochsUsedUp(String name) {
    return Refusal.of(
            ErrorCode.LIMIT_REACHED,
            "producer %s has used up its epochs: choose another name".formatted(name))
        .with("producer", name);
  }
}
