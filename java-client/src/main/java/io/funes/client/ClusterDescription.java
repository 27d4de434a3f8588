package io.funes.client;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A cluster as one of its brokers knows it.
 *
 * @param clusterId UUID, given when the cluster was founded
 * @param brokers by id
 * @param controllerId broker that decides on leaders, where one is known
 * @param quorum the brokers that keep the metadata, voters first
 * @param partitions how many there are, and how many are not as they should be
 * @param unhealthy partitions that need attention, by topic and number; as many as were asked for
 */
public record ClusterDescription(
    String clusterId,
    List<Broker> brokers,
    OptionalInt controllerId,
    List<QuorumMember> quorum,
    PartitionCounts partitions,
    List<UnhealthyPartition> unhealthy) {

  /** What a broker may do. */
  public enum BrokerState {
    /** It leads partitions. */
    UP,
    /** It is not heard of, or has not caught up yet: it leads nothing. */
    FENCED,
    /** It is on its way out and hands over what it leads. */
    SHUTTING_DOWN,
    /** Its disk is full or fails: it leads only where no other in-sync replica could. */
    READ_ONLY,
    /** A state that this client does not know. */
    UNRECOGNIZED
  }

  /**
   * A broker and what is on it.
   *
   * @param id its number
   * @param address host:port that clients reach it at
   * @param internalAddress host:port that other brokers reach it at; empty where it serves none
   * @param rack where it stands; empty where none is set
   * @param epoch raised at every start
   * @param state what it may do now
   * @param replicaCount replicas that it holds
   * @param leaderCount partitions that it leads
   * @param preferredLeaderCount partitions that it should lead
   */
  public record Broker(
      int id,
      String address,
      String internalAddress,
      String rack,
      long epoch,
      BrokerState state,
      int replicaCount,
      int leaderCount,
      int preferredLeaderCount) {}

  /**
   * A broker that keeps the metadata.
   *
   * @param brokerId its number
   * @param address host:port that other brokers reach it at
   * @param voter whether it votes; else it gets a copy
   * @param lag entries of the metadata log that it is behind, where that is known
   */
  public record QuorumMember(int brokerId, String address, boolean voter, OptionalLong lag) {}

  /**
   * Numbers of partitions.
   *
   * @param total all
   * @param underReplicated a replica is not in sync
   * @param underMinInSync fewer in sync than {@code min.insync.replicas}
   * @param offline nobody leads
   * @param reassigning on their way to other brokers
   */
  public record PartitionCounts(
      int total, int underReplicated, int underMinInSync, int offline, int reassigning) {}

  /** What is wrong with a partition. */
  public enum Problem {
    /** A replica is not in sync. */
    UNDER_REPLICATED,
    /** Fewer are in sync than {@code min.insync.replicas}: acks=all is refused. */
    UNDER_MIN_IN_SYNC,
    /** Nobody leads: nothing can be produced or read. */
    OFFLINE,
    /** Something that this client does not know. */
    UNRECOGNIZED
  }

  /**
   * A partition that needs attention.
   *
   * @param topic topic name
   * @param partition who holds it, who is in sync, who leads
   * @param minInSyncReplicas how many must be in sync for acks=all
   * @param problems at least one
   */
  public record UnhealthyPartition(
      String topic, PartitionDescription partition, int minInSyncReplicas, Set<Problem> problems) {}
}
