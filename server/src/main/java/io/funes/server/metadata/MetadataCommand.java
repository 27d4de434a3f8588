package io.funes.server.metadata;

import io.funes.server.common.PartitionId;
import io.funes.server.common.TopicId;
import io.funes.server.common.TopicName;
import java.util.List;
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
   * Gives a new broker its id. Answered by {@link Outcome.BrokerJoined}.
   *
   * @param token drawn by the broker each time it asks who it is, so that the call gets the same id
   *     where it is repeated
   */
  record JoinBroker(UUID token) implements MetadataCommand {}

  /**
   * Announces a broker at each start of its process. Answered by {@link Outcome.BrokerRegistered}.
   *
   * @param previousCleanIncarnation the one before, if it closed its files properly: only then the
   *     broker still holds all that it held
   * @param fenced as it must be until the broker has caught up with its own registration; false in
   *     the commands of version 1
   */
  record RegisterBroker(
      int brokerId,
      UUID incarnation,
      String address,
      String internalAddress,
      Optional<String> rack,
      Optional<UUID> previousCleanIncarnation,
      boolean fenced)
      implements MetadataCommand {}

  /**
   * A broker is not heard of: it leads no more and is nowhere in sync. Answered by {@link
   * Outcome.BrokerChanged}.
   */
  record FenceBroker(int brokerId, long brokerEpoch) implements MetadataCommand {}

  /**
   * A broker has caught up with its own registration: it may lead and get in sync. Answered by
   * {@link Outcome.BrokerChanged}.
   */
  record UnfenceBroker(int brokerId, long brokerEpoch) implements MetadataCommand {}

  /**
   * A broker is about to stop and hands over what others can lead. May be repeated until all is
   * handed over. Answered by {@link Outcome.BrokerShuttingDown}.
   */
  record ShutDownBroker(int brokerId, long brokerEpoch) implements MetadataCommand {}

  /**
   * A broker says whether its disk takes what is produced; where it does not, others lead as far as
   * they can. Answered by {@link Outcome.BrokerChanged}. From {@link
   * MetadataVersion#READ_ONLY_BROKERS} on.
   */
  record SetReadOnly(int brokerId, long brokerEpoch, boolean readOnly) implements MetadataCommand {}

  /**
   * All brokers can read this {@link MetadataVersion} now, and so all may write it. Answered by
   * {@link Outcome.VersionRaised}.
   */
  record RaiseVersion(int version) implements MetadataCommand {}

  /**
   * Forgets a broker that is down and holds nothing. Answered by {@link Outcome.BrokerChanged}, the
   * broker as it was.
   */
  record UnregisterBroker(int brokerId, long brokerEpoch) implements MetadataCommand {}

  /**
   * A leader changes the in-sync replicas of partitions that it leads. Answered by {@link
   * Outcome.InSyncAltered}; refused as a whole only when the broker's epoch is stale.
   */
  record AlterInSync(int brokerId, long brokerEpoch, List<InSyncChange> changes)
      implements MetadataCommand {
    public AlterInSync {
      changes = List.copyOf(changes);
    }
  }

  /** Answered by {@link Outcome.LeadersElected}. */
  record ElectLeaders(List<PartitionId> partitions, Kind kind) implements MetadataCommand {
    /** Who shall lead. */
    public enum Kind {
      /** The first of the replicas, where it is in sync. */
      PREFERRED,
      /** Whoever is up, where nobody leads: committed records may be lost. */
      UNCLEAN
    }

    public ElectLeaders {
      partitions = List.copyOf(partitions);
    }
  }

  /**
   * Moves a partition to other brokers. Answered by {@link Outcome.ReplicasAltered}.
   *
   * @param replicas where it shall be, preferred leader first; empty: where it was before the
   *     reassignment that is under way
   */
  record AlterReplicas(
      PartitionId partition, Optional<List<Integer>> replicas, MetadataLimits limits)
      implements MetadataCommand {
    public AlterReplicas {
      replicas = replicas.map(List::copyOf);
    }
  }

  /**
   * Gives a producer its id and epoch. Answered by {@link Outcome.ProducerInitialized}.
   *
   * @param name empty for a producer that needs a fresh id only
   */
  record InitProducer(String name, MetadataLimits limits) implements MetadataCommand {}
}
