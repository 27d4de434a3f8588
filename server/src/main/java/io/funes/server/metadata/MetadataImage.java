package io.funes.server.metadata;

import io.funes.server.common.TopicId;
import io.funes.server.common.TopicName;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The metadata at one point of its log. Immutable; any thread may read it as long as it likes.
 *
 * @param version see {@link MetadataVersion}
 * @param revision number of commands that were applied to get here
 * @param nextProducerId never given to a producer so far, like all higher ones
 * @param partitionCount of all topics together
 */
public record MetadataImage(
    int version,
    long revision,
    PersistentSortedMap<String, TopicImage> topics,
    PersistentSortedMap<UUID, TopicImage> topicsById,
    PersistentSortedMap<Integer, BrokerImage> brokers,
    BrokerIds brokerIds,
    PersistentSortedMap<String, ProducerImage> producers,
    PersistentSortedMap<Long, ProducerImage> producersById,
    long nextProducerId,
    int partitionCount) {
  public static final MetadataImage EMPTY =
      new MetadataImage(
          MetadataVersion.BASE,
          0,
          PersistentSortedMap.empty(),
          PersistentSortedMap.empty(),
          PersistentSortedMap.empty(),
          BrokerIds.NONE,
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

  MetadataImage withVersion(int newVersion) {
    return new MetadataImage(
        newVersion,
        revision,
        topics,
        topicsById,
        brokers,
        brokerIds,
        producers,
        producersById,
        nextProducerId,
        partitionCount);
  }

  MetadataImage at(long newRevision) {
    return new MetadataImage(
        version,
        newRevision,
        topics,
        topicsById,
        brokers,
        brokerIds,
        producers,
        producersById,
        nextProducerId,
        partitionCount);
  }

  /** With the topic put in or replaced, and all counts as they must be then. */
  MetadataImage withTopic(TopicImage topic) {
    TopicImage old = topic(topic.id()).orElse(null);
    int oldCount = old == null ? 0 : old.partitions().size();
    ReplicaCounts counts = new ReplicaCounts().add(topic);
    return withTopics(
        topics.with(topic.name().value(), topic),
        topicsById.with(topic.id().value(), topic),
        (old == null ? counts : counts.remove(old)).applied(brokers),
        partitionCount - oldCount + topic.partitions().size());
  }

  /** With topics replaced that have as many partitions as before. */
  MetadataImage withChanged(List<TopicImage> changed) {
    if (changed.isEmpty()) {
      return this;
    }
    SortedMap<String, TopicImage> byName = new TreeMap<>();
    SortedMap<UUID, TopicImage> byId = new TreeMap<>();
    ReplicaCounts counts = new ReplicaCounts();
    for (TopicImage topic : changed) {
      byName.put(topic.name().value(), topic);
      byId.put(topic.id().value(), topic);
      counts.change(topic(topic.id()).orElseThrow(), topic);
    }
    return withTopics(
        topics.replacing(byName),
        topicsById.replacing(byId),
        counts.applied(brokers),
        partitionCount);
  }

  MetadataImage withoutTopic(TopicImage topic) {
    return withTopics(
        topics.without(topic.name().value()),
        topicsById.without(topic.id().value()),
        new ReplicaCounts().remove(topic).applied(brokers),
        partitionCount - topic.partitions().size());
  }

  MetadataImage withBroker(BrokerImage broker) {
    return withTopics(topics, topicsById, brokers.with(broker.id(), broker), partitionCount);
  }

  MetadataImage withoutBroker(int id) {
    return withTopics(topics, topicsById, brokers.without(id), partitionCount);
  }

  MetadataImage withBrokerIds(BrokerIds ids) {
    return new MetadataImage(
        version,
        revision,
        topics,
        topicsById,
        brokers,
        ids,
        producers,
        producersById,
        nextProducerId,
        partitionCount);
  }

  MetadataImage withProducer(ProducerImage producer) {
    return new MetadataImage(
        version,
        revision,
        topics,
        topicsById,
        brokers,
        brokerIds,
        producers.with(producer.name(), producer),
        producersById.with(producer.producerId(), producer),
        nextProducerId,
        partitionCount);
  }

  MetadataImage withNextProducerId(long id) {
    return new MetadataImage(
        version,
        revision,
        topics,
        topicsById,
        brokers,
        brokerIds,
        producers,
        producersById,
        id,
        partitionCount);
  }

  private MetadataImage withTopics(
      PersistentSortedMap<String, TopicImage> newTopics,
      PersistentSortedMap<UUID, TopicImage> newTopicsById,
      PersistentSortedMap<Integer, BrokerImage> newBrokers,
      int newPartitionCount) {
    return new MetadataImage(
        version,
        revision,
        newTopics,
        newTopicsById,
        newBrokers,
        brokerIds,
        producers,
        producersById,
        nextProducerId,
        newPartitionCount);
  }
}
