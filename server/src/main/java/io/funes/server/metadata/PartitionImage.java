package io.funes.server.metadata;

import java.util.List;

/**
 * A partition's state.
 *
 * @param leaderId broker that leads it, {@link #NO_LEADER} for none
 * @param leaderEpoch raised at every change of leader
 * @param partitionEpoch raised at every change of this record
 * @param replicas brokers that hold it, preferred leader first
 * @param inSync those of them that are in sync
 */
public record PartitionImage(
    int leaderId,
    int leaderEpoch,
    int partitionEpoch,
    List<Integer> replicas,
    List<Integer> inSync) {
  public static final int NO_LEADER = -1;

  public PartitionImage {
    replicas = List.copyOf(replicas);
    inSync = List.copyOf(inSync);
  }

  /** A new partition: all replicas are in sync as long as there is nothing to copy. */
  static PartitionImage created(List<Integer> replicas) {
    return new PartitionImage(replicas.getFirst(), 0, 0, replicas, replicas);
  }
}
