package io.funes.server.metadata;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.common.TopicId;
import io.funes.server.common.TopicName;
import io.funes.server.metadata.MetadataCommand.AlterInSync;
import io.funes.server.metadata.MetadataCommand.CreateTopic;
import io.funes.server.metadata.MetadataCommand.DeleteTopic;
import io.funes.server.metadata.MetadataCommand.InitProducer;
import io.funes.server.metadata.MetadataCommand.RegisterBroker;
import io.funes.server.metadata.MetadataCommand.UpdateTopic;
import io.funes.server.metadata.Outcome.Applied;
import io.funes.server.metadata.Outcome.BrokerRegistered;
import io.funes.server.metadata.Outcome.ProducerInitialized;
import io.funes.server.metadata.Outcome.Refused;
import io.funes.server.metadata.Outcome.TopicChanged;
import io.funes.server.metadata.Outcome.TopicDeleted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What each command does to the image. Pure, and the same in every release: see the package. */
public final class MetadataStateMachine {
  /** The image after a command, what is different in it, and the answer. */
  public record Step(MetadataImage image, MetadataDelta delta, Outcome outcome) {}

  private MetadataStateMachine() {}

  /** What would come of the command if it were the next one, its form included. */
  public static Outcome validate(MetadataImage image, MetadataCommand command) {
    Optional<Refusal> malformed = CommandForm.check(command);
    return malformed.isPresent() ? new Refused(malformed.get()) : apply(image, command).outcome();
  }

  /**
   * Applies a command whose form was checked before it was logged. A refused one leaves the image
   * as it is.
   */
  public static Step apply(MetadataImage image, MetadataCommand command) {
    return switch (command) {
      case CreateTopic create -> createTopic(image, create);
      case UpdateTopic update -> updateTopic(image, update);
      case DeleteTopic delete -> deleteTopic(image, delete);
      case RegisterBroker register -> registerBroker(image, register);
      case AlterInSync _ ->
          refused(image, Refusal.of(ErrorCode.INTERNAL, "in-sync changes are not built yet"));
      case InitProducer init -> initProducer(image, init);
    };
  }

  private static Step createTopic(MetadataImage image, CreateTopic command) {
    if (image.topic(command.name()).isPresent()) {
      return refused(image, MetadataRefusals.topicExists(command.name()));
    }
    if (image.topic(command.id()).isPresent()) {
      return refused(
          image, Refusal.of(ErrorCode.INTERNAL, "topic id " + command.id() + " is taken"));
    }
    int brokers = image.brokers().size();
    if (command.replicationFactor() > brokers) {
      return refused(image, MetadataRefusals.tooFewBrokers(command.replicationFactor(), brokers));
    }
    List<PartitionImage> partitions =
        ReplicaPlacement.place(
            brokerIds(image),
            image.partitionCount() % brokers,
            0,
            command.partitionCount(),
            command.replicationFactor());
    TopicImage topic =
        new TopicImage(
            command.id(), command.name(), partitions, command.configs(), command.createdMs());
    MetadataImage next = image.withTopic(topic);
    Optional<Refusal> full = checkBrokersHold(image, next, command.limits());
    return full.isPresent()
        ? refused(image, full.get())
        : applied(next, MetadataDelta.created(topic), new TopicChanged(topic));
  }

  private static Step updateTopic(MetadataImage image, UpdateTopic command) {
    Optional<TopicImage> found = image.topic(command.name());
    Optional<Refusal> wrong = checkTopic(found, command.name(), command.expectedId());
    if (wrong.isPresent()) {
      return refused(image, wrong.get());
    }
    TopicImage before = found.orElseThrow();
    Map<String, String> configs = new TreeMap<>(before.configs());
    configs.putAll(command.configs());
    configs.keySet().removeAll(command.resetConfigs());
    TopicImage after = before.withConfigs(configs);
    if (command.partitionCount().isPresent()) {
      int count = command.partitionCount().getAsInt();
      if (count <= before.partitions().size()) {
        return refused(image, MetadataRefusals.partitionsOnlyRise(before, count));
      }
      after = after.withPartitions(extended(image, before, count));
    }
    MetadataImage next = image.withTopic(after);
    Optional<Refusal> full =
        command.partitionCount().isPresent()
            ? checkBrokersHold(image, next, command.limits())
            : Optional.empty();
    return full.isPresent()
        ? refused(image, full.get())
        : applied(next, MetadataDelta.changed(before, after), new TopicChanged(after));
  }

  private static Step deleteTopic(MetadataImage image, DeleteTopic command) {
    Optional<TopicImage> found = image.topic(command.name());
    Optional<Refusal> wrong = checkTopic(found, command.name(), command.expectedId());
    if (wrong.isPresent()) {
      return refused(image, wrong.get());
    }
    TopicImage topic = found.orElseThrow();
    return applied(
        image.withoutTopic(topic), MetadataDelta.deleted(topic), new TopicDeleted(topic));
  }

  /**
   * The same incarnation again is a repeated call and keeps its epoch; another one fences it with a
   * higher epoch.
   */
  private static Step registerBroker(MetadataImage image, RegisterBroker command) {
    Optional<BrokerImage> known = image.broker(command.brokerId());
    boolean repeated = known.isPresent() && known.get().incarnation().equals(command.incarnation());
    long epoch = repeated ? known.get().epoch() : image.revision() + 1;
    int replicaCount = known.map(BrokerImage::replicaCount).orElse(0);
    BrokerImage broker =
        new BrokerImage(
            command.brokerId(),
            command.incarnation(),
            command.address(),
            command.internalAddress(),
            command.rack(),
            epoch,
            false,
            false,
            replicaCount);
    return applied(image.withBroker(broker), MetadataDelta.NONE, new BrokerRegistered(epoch));
  }

  private static Step initProducer(MetadataImage image, InitProducer command) {
    long freshId = image.nextProducerId();
    if (command.name().isEmpty()) {
      return applied(
          image.withNextProducerId(freshId + 1),
          MetadataDelta.NONE,
          new ProducerInitialized(freshId, 0));
    }
    Optional<ProducerImage> known = image.producers().get(command.name());
    if (known.isEmpty() && image.producers().size() >= command.limits().producerNamesMax()) {
      return refused(image, MetadataRefusals.tooManyProducers(command.limits()));
    }
    if (known.isPresent() && known.get().epoch() == Integer.MAX_VALUE) {
      return refused(image, MetadataRefusals.epochsUsedUp(command.name()));
    }
    ProducerImage producer =
        known
            .map(old -> new ProducerImage(old.name(), old.producerId(), old.epoch() + 1))
            .orElseGet(() -> new ProducerImage(command.name(), freshId, 0));
    MetadataImage next = known.isPresent() ? image : image.withNextProducerId(freshId + 1);
    return applied(
        next.withProducer(producer),
        MetadataDelta.NONE,
        new ProducerInitialized(producer.producerId(), producer.epoch()));
  }

  private static List<PartitionImage> extended(MetadataImage image, TopicImage topic, int count) {
    List<PartitionImage> partitions = new ArrayList<>(topic.partitions());
    List<Integer> brokerIds = brokerIds(image);
    // The turn after that of the last partition, as far as its leader tells.
    int old = partitions.size();
    int lastLeader = brokerIds.indexOf(partitions.getLast().replicas().getFirst());
    int start = Math.floorMod(lastLeader + 1 - old, brokerIds.size());
    partitions.addAll(
        ReplicaPlacement.place(brokerIds, start, old, count, topic.replicationFactor()));
    return partitions;
  }

  private static List<Integer> brokerIds(MetadataImage image) {
    List<Integer> ids = new ArrayList<>(image.brokers().size());
    image.brokers().forEach(broker -> ids.add(broker.id()));
    return ids;
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
  private static Optional<Refusal> checkBrokersHold(
      MetadataImage before, MetadataImage next, MetadataLimits limits) {
    for (BrokerImage broker : next.brokers()) {
      int countBefore = before.broker(broker.id()).map(BrokerImage::replicaCount).orElse(0);
      if (broker.replicaCount() > Math.max(countBefore, limits.brokerPartitionsMax())) {
        return Optional.of(MetadataRefusals.tooManyPartitions(broker, limits));
      }
    }
    return Optional.empty();
  }

  private static Step applied(MetadataImage next, MetadataDelta delta, Outcome.Result result) {
    return new Step(next.at(next.revision() + 1), delta, new Applied(result));
  }

  private static Step refused(MetadataImage image, Refusal refusal) {
    return new Step(image, MetadataDelta.NONE, new Refused(refusal));
  }
}
