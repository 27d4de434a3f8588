package io.funes.server.metadata;

import io.funes.server.common.TopicId;
import io.funes.server.common.TopicName;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * The metadata at one point of its log. Immutable; any thread may read it as long as it likes.
 *
 * @param revision number of commands that were applied to get here
 * @param nextProducerId never given to a producer so far, like all higher ones
 * @param partitionCount of all topics together
 */
public record MetadataImage(
    long revision,
    PersistentSortedMap<String, TopicImage> topics,
    PersistentSortedMap<UUID, TopicImage> topicsById,
    PersistentSortedMap<Integer, BrokerImage> brokers,
    PersistentSortedMap<String, ProducerImage> producers,
    PersistentSortedMap<Long, ProducerImage> producersById,
    long nextProducerId,
    int partitionCount) {
  public static final MetadataImage EMPTY =
      new MetadataImage(
          0,
          PersistentSortedMap.empty(),
          PersistentSortedMap.empty(),
          PersistentSortedMap.empty(),
          PersistentSortedMap.empty(),
          PersistentSortedMap.empty(),
          1,
          0);

  public Optional<TopicImage> topic(TopicName name) {
    return topics.get(name.value());
  }

  public Optional<TopicImage> topic(TopicId id) {
    return topicsById.get(id.value());
  }

  public Optional<BrokerImage> broker(int id) {
    return brokers.get(id);
  }

  /**
   * The newest epoch of a named producer; lower ones are fenced. Empty for ids that no name owns.
   */
  public OptionalInt producerEpoch(long producerId) {
    if (producerId >= nextProducerId) {
      return OptionalInt.empty(); // Drawn by the client, the usual case: no look-up, no boxing.
    }
    Optional<ProducerImage> producer = producersById.get(producerId);
    return producer.isPresent() ? OptionalInt.of(producer.get().epoch()) : OptionalInt.empty();
  }

  MetadataImage at(long newRevision) {
    return new MetadataImage(
        newRevision,
        topics,
        topicsById,
        brokers,
        producers,
        producersById,
        nextProducerId,
        partitionCount);
  }

  /** With the topic put in or replaced, and all counts as they must be then. */
  MetadataImage withTopic(TopicImage topic) {
    TopicImage old = topic(topic.id()).orElse(null);
    int oldCount = old == null ? 0 : old.partitions().size();
    return new MetadataImage(
        revision,
        topics.with(topic.name().value(), topic),
        topicsById.with(topic.id().value(), topic),
        recounted(recounted(brokers, old, -1), topic, 1),
        producers,
        producersById,
        nextProducerId,
        partitionCount - oldCount + topic.partitions().size());
  }

  MetadataImage withoutTopic(TopicImage topic) {
    return new MetadataImage(
        revision,
        topics.without(topic.name().value()),
        topicsById.without(topic.id().value()),
        recounted(brokers, topic, -1),
        producers,
        producersById,
        nextProducerId,
        partitionCount - topic.partitions().size());
  }

  MetadataImage withBroker(BrokerImage broker) {
    return new MetadataImage(
        revision,
        topics,
        topicsById,
        brokers.with(broker.id(), broker),
        producers,
        producersById,
        nextProducerId,
        partitionCount);
  }

  MetadataImage withProducer(ProducerImage producer) {
    return new MetadataImage(
        revision,
        topics,
        topicsById,
        brokers,
        producers.with(producer.name(), producer),
        producersById.with(producer.producerId(), producer),
        nextProducerId,
        partitionCount);
  }

  MetadataImage withNextProducerId(long id) {
    return new MetadataImage(
        revision, topics, topicsById, brokers, producers, producersById, id, partitionCount);
  }

  private static PersistentSortedMap<Integer, BrokerImage> recounted(
      PersistentSortedMap<Integer, BrokerImage> brokers, TopicImage topic, int sign) {
    if (topic == null) {
      return brokers;
    }
    PersistentSortedMap<Integer, BrokerImage> result = brokers;
    for (BrokerImage broker : brokers) {
      int held = 0;
      for (PartitionImage partition : topic.partitions()) {
        held += partition.replicas().contains(broker.id()) ? 1 : 0;
      }
      if (held > 0) {
        result =
            result.with(broker.id(), broker.withReplicaCount(broker.replicaCount() + sign * held));
      }
    }
    return result;
  }
}
