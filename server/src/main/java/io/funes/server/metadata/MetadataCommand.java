package io.funes.server.metadata;

import io.funes.server.common.TopicId;
import io.funes.server.common.TopicName;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;

/**
 * A wish to change the metadata. It carries all that was drawn for it, so that applying it gives
 * the same on every broker.
 */
public sealed interface MetadataCommand {
  /** A command on behalf of somebody: clients may not write to internal topics, brokers may. */
  enum Origin {
    CLIENT,
    BROKER
  }

  /** Answered by {@link Outcome.TopicChanged}. */
  record CreateTopic(
      TopicId id,
      TopicName name,
      int partitionCount,
      int replicationFactor,
      Map<String, String> configs,
      long createdMs,
      Origin origin,
      MetadataLimits limits)
      implements MetadataCommand {
    public CreateTopic {
      configs = Map.copyOf(configs);
    }
  }

  /**
   * Changes what is named and leaves the rest. Answered by {@link Outcome.TopicChanged}.
   *
   * @param expectedId refused when the topic has another id
   * @param partitionCount higher than before
   */
  record UpdateTopic(
      TopicName name,
      Optional<TopicId> expectedId,
      OptionalInt partitionCount,
      Map<String, String> configs,
      Set<String> resetConfigs,
      Origin origin,
      MetadataLimits limits)
      implements MetadataCommand {
    public UpdateTopic {
      configs = Map.copyOf(configs);
      resetConfigs = Set.copyOf(resetConfigs);
    }
  }

  /**
   * Answered by {@link Outcome.TopicDeleted}.
   *
   * @param expectedId refused when the topic has another id
   */
  record DeleteTopic(TopicName name, Optional<TopicId> expectedId, Origin origin)
      implements MetadataCommand {}

  /**
   * Announces a broker at each start of its process. Answered by {@link Outcome.BrokerRegistered}.
   */
  record RegisterBroker(int brokerId, UUID incarnation, String address)
      implements MetadataCommand {}

  /**
   * Gives a producer its id and epoch. Answered by {@link Outcome.ProducerInitialized}.
   *
   * @param name empty for a producer that needs a fresh id only
   */
  record InitProducer(String name, MetadataLimits limits) implements MetadataCommand {}
}
