package io.funes.server.metadata;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.common.TopicName;
import io.funes.server.metadata.MetadataCommand.AlterInSync;
import io.funes.server.metadata.MetadataCommand.AlterReplicas;
import io.funes.server.metadata.MetadataCommand.CreateTopic;
import io.funes.server.metadata.MetadataCommand.DeleteTopic;
import io.funes.server.metadata.MetadataCommand.ElectLeaders;
import io.funes.server.metadata.MetadataCommand.FenceBroker;
import io.funes.server.metadata.MetadataCommand.InitProducer;
import io.funes.server.metadata.MetadataCommand.JoinBroker;
import io.funes.server.metadata.MetadataCommand.Origin;
import io.funes.server.metadata.MetadataCommand.RaiseVersion;
import io.funes.server.metadata.MetadataCommand.RegisterBroker;
import io.funes.server.metadata.MetadataCommand.SetReadOnly;
import io.funes.server.metadata.MetadataCommand.ShutDownBroker;
import io.funes.server.metadata.MetadataCommand.UnfenceBroker;
import io.funes.server.metadata.MetadataCommand.UnregisterBroker;
import io.funes.server.metadata.MetadataCommand.UpdateTopic;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The checks that need no image. They are made before a command is logged and never again, so they
 * may change.
 */
public final class CommandForm {
  /** Longest name of a producer. */
  public static final int PRODUCER_NAME_LENGTH_MAX = 249;

  private CommandForm() {}

  /** Why the command can never be applied, whatever the image. */
  public static Optional<Refusal> check(MetadataCommand command) {
    return switch (command) {
      case CreateTopic create ->
          first(
              List.of(
                  checkOrigin(create.name(), create.origin()),
                  checkPartitionCount(create.partitionCount(), create.limits()),
                  checkReplicationFactor(create.replicationFactor()),
                  TopicConfigs.check(create.configs())));
      case UpdateTopic update ->
          first(
              List.of(
                  checkOrigin(update.name(), update.origin()),
                  update.partitionCount().isEmpty()
                      ? Optional.empty()
                      : checkPartitionCount(update.partitionCount().getAsInt(), update.limits()),
                  TopicConfigs.check(update.configs()),
                  TopicConfigs.checkKeys(update.resetConfigs()),
                  checkSetOrReset(update)));
      case DeleteTopic delete -> checkOrigin(delete.name(), delete.origin());
      case RegisterBroker register -> checkBrokerId(register.brokerId());
      case AlterReplicas alter ->
          alter.replicas().isEmpty() ? Optional.empty() : checkReplicas(alter.replicas().get());
      case JoinBroker _,
          FenceBroker _,
          UnfenceBroker _,
          ShutDownBroker _,
          UnregisterBroker _,
          SetReadOnly _,
          RaiseVersion _,
          AlterInSync _,
          ElectLeaders _ ->
          Optional.empty();
      case InitProducer init -> checkProducerName(init.name());
    };
  }

  private static Optional<Refusal> first(List<Optional<Refusal>> checks) {
    return checks.stream().flatMap(Optional::stream).findFirst();
  }

  private static Optional<Refusal> checkOrigin(TopicName name, Origin origin) {
    if (origin == Origin.BROKER || !name.internal()) {
      return Optional.empty();
    }
    return Optional.of(
        Refusal.of(
                ErrorCode.INTERNAL_TOPIC,
                "topic %s belongs to the brokers, as all whose name begins with __: use another name"
                    .formatted(name))
            .with("topic", name));
  }

  private static Optional<Refusal> checkPartitionCount(int count, MetadataLimits limits) {
    if (count >= 1 && count <= limits.topicPartitionsMax()) {
      return Optional.empty();
    }
    return Optional.of(
        Refusal.of(
                ErrorCode.INVALID_PARTITION_COUNT,
                "a topic cannot have %d partitions: ask for 1 to %d"
                    .formatted(count, limits.topicPartitionsMax()))
            .with("partition_count", count)
            .with("partition_count_max", limits.topicPartitionsMax())
            .field("partition_count"));
  }

  private static Optional<Refusal> checkReplicationFactor(int factor) {
    if (factor >= 1) {
      return Optional.empty();
    }
    return Optional.of(
        Refusal.of(
                ErrorCode.INVALID_REPLICATION_FACTOR,
                "a partition cannot have %d replicas: ask for 1 or more".formatted(factor))
            .with("replication_factor", factor)
            .field("replication_factor"));
  }

  private static Optional<Refusal> checkBrokerId(int id) {
    if (id >= 0) {
      return Optional.empty();
    }
    return Optional.of(
        Refusal.of(
                ErrorCode.INVALID_ARGUMENT,
                "a broker cannot have id %d: use 0 or more".formatted(id))
            .with("broker", id));
  }

  private static Optional<Refusal> checkReplicas(List<Integer> replicas) {
    if (replicas.isEmpty()) {
      return checkReplicationFactor(0);
    }
    if (Set.copyOf(replicas).size() == replicas.size()) {
      return Optional.empty();
    }
    return Optional.of(
        Refusal.of(
                ErrorCode.INVALID_ARGUMENT,
                "replicas %s name a broker twice: name each once".formatted(replicas))
            .field("replicas"));
  }

  private static Optional<Refusal> checkSetOrReset(UpdateTopic update) {
    return update.resetConfigs().stream()
        .filter(update.configs()::containsKey)
        .sorted()
        .findFirst()
        .map(key ->
            Refusal.of(
                    ErrorCode.INVALID_ARGUMENT,
                    "config %s stands in both configs and reset_configs: leave it in one"
                        .formatted(key))
                .with("config", key)
                .field("reset_configs"));
  }

  private static Optional<Refusal> checkProducerName(String name) {
    if (name.length() <= PRODUCER_NAME_LENGTH_MAX) {
      return Optional.empty();
    }
    return Optional.of(
        Refusal.of(
                ErrorCode.INVALID_ARGUMENT,
                "a producer name has %d characters: use at most %d"
                    .formatted(name.length(), PRODUCER_NAME_LENGTH_MAX))
            .with("length", name.length())
            .field("name"));
  }
}
