package io.funes.server.metadata;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.common.TopicId;
import io.funes.server.common.TopicName;
import io.funes.server.metadata.MetadataCommand.CreateTopic;
import io.funes.server.metadata.MetadataCommand.DeleteTopic;
import io.funes.server.metadata.MetadataCommand.UpdateTopic;
import io.funes.server.metadata.MetadataStateMachine.Step;
import io.funes.server.metadata.Outcome.TopicChanged;
import io.funes.server.metadata.Outcome.TopicDeleted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Topics are created, changed and deleted. */
final class TopicCommands {
  private TopicCommands() {}

  static Step create(MetadataImage image, CreateTopic command) {
    if (image.topic(command.name()).isPresent()) {
      return Step.refused(image, MetadataRefusals.topicExists(command.name()));
    }
    if (image.topic(command.id()).isPresent()) {
      return Step.refused(
          image, Refusal.of(ErrorCode.INTERNAL, "topic id " + command.id() + " is taken"));
    }
    List<BrokerImage> brokers = usable(image, command.replicationFactor());
    if (command.replicationFactor() > brokers.size()) {
      return Step.refused(
          image, MetadataRefusals.tooFewBrokers(command.replicationFactor(), brokers, image));
    }
    TopicImage topic =
        placed(
            image,
            new TopicImage(
                command.id(), command.name(), List.of(), command.configs(), command.createdMs()),
            brokers,
            image.partitionCount() % brokers.size(),
            command.partitionCount(),
            command.replicationFactor());
    MetadataImage next = image.withTopic(topic);
    Optional<Refusal> full = checkBrokersHold(image, next, command.limits());
    return full.isPresent()
        ? Step.refused(image, full.get())
        : Step.applied(image, next, MetadataDelta.created(topic), new TopicChanged(topic));
  }

  static Step update(MetadataImage image, UpdateTopic command) {
    Optional<TopicImage> found = image.topic(command.name());
    Optional<Refusal> wrong = checkTopic(found, command.name(), command.expectedId());
    if (wrong.isPresent()) {
      return Step.refused(image, wrong.get());
    }
    TopicImage before = found.orElseThrow();
    Map<String, String> configs = new TreeMap<>(before.configs());
    configs.putAll(command.configs());
    configs.keySet().removeAll(command.resetConfigs());
    TopicImage after = reconsidered(image, before, before.withConfigs(configs));
    if (command.partitionCount().isPresent()) {
      int count = command.partitionCount().getAsInt();
      if (count <= before.partitions().size()) {
        return Step.refused(image, MetadataRefusals.partitionsOnlyRise(before, count));
      }
      List<BrokerImage> brokers = usable(image, before.replicationFactor());
      if (before.replicationFactor() > brokers.size()) {
        return Step.refused(
            image, MetadataRefusals.tooFewBrokers(before.replicationFactor(), brokers, image));
      }
      after = extended(image, brokers, after, count);
    }
    MetadataImage next = image.withTopic(after);
    Optional<Refusal> full =
        command.partitionCount().isPresent()
            ? checkBrokersHold(image, next, command.limits())
            : Optional.empty();
    return full.isPresent()
        ? Step.refused(image, full.get())
        : Step.applied(image, next, MetadataDelta.changed(before, after), new TopicChanged(after));
  }

  static Step delete(MetadataImage image, DeleteTopic command) {
    Optional<TopicImage> found = image.topic(command.name());
    Optional<Refusal> wrong = checkTopic(found, command.name(), command.expectedId());
    if (wrong.isPresent()) {
      return Step.refused(image, wrong.get());
    }
    TopicImage topic = found.orElseThrow();
    return Step.applied(
        image, image.withoutTopic(topic), MetadataDelta.deleted(topic), new TopicDeleted(topic));
  }

  /**
   * Partitions under new configs. Where the minimum of in-sync replicas changes, who is eligible is
   * forgotten: it was kept under the other minimum (KIP-966). Where there is no leader nothing was
   * committed since, and the eligible ones stay what they are.
   */
  private static TopicImage reconsidered(MetadataImage image, TopicImage before, TopicImage after) {
    PartitionTerms old = PartitionTerms.of(image, before);
    PartitionTerms terms = PartitionTerms.of(image, after);
    if (terms.equals(old)) {
      return after;
    }
    List<PartitionImage> partitions = new ArrayList<>(after.partitions().size());
    for (PartitionImage partition : after.partitions()) {
      PartitionChange change = new PartitionChange(partition, terms);
      boolean forget =
          terms.minInSync() != old.minInSync() && partition.leaderId() != PartitionImage.NO_LEADER;
      partitions.add((forget ? change.forgetEligible() : change).settled());
    }
    return after.withPartitions(partitions);
  }

  private static TopicImage extended(
      MetadataImage image, List<BrokerImage> brokers, TopicImage topic, int count) {
    List<Integer> ring =
        ReplicaPlacement.acrossRacks(brokers).stream().map(BrokerImage::id).toList();
    // The turn after that of the last partition, as far as its leader tells.
    int old = topic.partitions().size();
    int lastLeader = ring.indexOf(topic.partitions().getLast().replicas().getFirst());
    int start = Math.floorMod(lastLeader + 1 - old, ring.size());
    return placed(image, topic, brokers, start, count, topic.replicationFactor());
  }

  /** Those that take records, where these are enough. */
  private static List<BrokerImage> usable(MetadataImage image, int replicationFactor) {
    List<BrokerImage> writable = brokersThat(BrokerImage::writable, image);
    return writable.size() >= replicationFactor
        ? writable
        : brokersThat(BrokerImage::active, image);
  }

  private static List<BrokerImage> brokersThat(Predicate<BrokerImage> wanted, MetadataImage image) {
    List<BrokerImage> brokers = new ArrayList<>(image.brokers().size());
    for (BrokerImage broker : image.brokers()) {
      if (wanted.test(broker)) {
        brokers.add(broker);
      }
    }
    return brokers;
  }

  /**
   * The topic's partitions up to {@code count}, the new ones on these brokers. Where one that takes
   * no records would lead, another does if it can.
   */
  private static TopicImage placed(
      MetadataImage image,
      TopicImage topic,
      List<BrokerImage> brokers,
      int start,
      int count,
      int replicationFactor) {
    PartitionTerms terms = PartitionTerms.of(image, topic);
    List<PartitionImage> partitions = new ArrayList<>(topic.partitions());
    for (PartitionImage added :
        ReplicaPlacement.place(brokers, start, partitions.size(), count, replicationFactor)) {
      partitions.add(new PartitionChange(added, terms).settled());
    }
    return topic.withPartitions(partitions);
  }

  private static Optional<Refusal> checkTopic(
      Optional<TopicImage> found, TopicName name, Optional<TopicId> expectedId) {
    if (found.isEmpty()) {
      return Optional.of(MetadataRefusals.unknownTopic(name));
    }
    TopicId id = found.get().id();
    return expectedId
        .filter(expected -> !expected.equals(id))
        .map(expected -> MetadataRefusals.topicIdMismatch(name, expected, id));
  }

  /** Brokers that were over the limit before, because it was lowered, may stay so. */
  static Optional<Refusal> checkBrokersHold(
      MetadataImage before, MetadataImage next, MetadataLimits limits) {
    for (BrokerImage broker : next.brokers()) {
      int countBefore = before.broker(broker.id()).map(BrokerImage::replicaCount).orElse(0);
      if (broker.replicaCount() > Math.max(countBefore, limits.brokerPartitionsMax())) {
        return Optional.of(MetadataRefusals.tooManyPartitions(broker, limits));
      }
    }
    return Optional.empty();
  }
}
