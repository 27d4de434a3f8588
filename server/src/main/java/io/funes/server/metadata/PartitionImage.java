package io.funes.server.metadata;

import java.util.List;

/**
 * A partition's state. All lists of brokers but {@code replicas} are in the order of {@code
 * replicas}.
 *
 * @param leaderId broker that leads it, {@link #NO_LEADER} for none
 * @param leaderEpoch raised at every change of leader, and when a replica is taken away
 * @param partitionEpoch raised at every change of this record
 * @param replicas brokers that hold it, preferred leader first
 * @param inSync those of them that are in sync
 * @param eligibleLeaders those that left {@code inSync} while it was below min.insync.replicas:
 *     they hold all that was ever committed, since nothing is committed meanwhile (KIP-966)
 * @param lastLeaderId who led it last, {@link #NO_LEADER} while there is a leader
 * @param adding replicas that a reassignment adds
 * @param removing replicas that it takes away when all of {@code adding} are in sync
 * @param recovering the leader was elected though it may lack committed records; until it says that
 *     it has recovered, it stays alone in {@code inSync}
 */
public record PartitionImage(
    int leaderId,
    int leaderEpoch,
    int partitionEpoch,
    List<Integer> replicas,
    List<Integer> inSync,
    List<Integer> eligibleLeaders,
    int lastLeaderId,
    List<Integer> adding,
    List<Integer> removing,
    boolean recovering) {
  public static final int NO_LEADER = -1;

  public PartitionImage {
    replicas = List.copyOf(replicas);
    inSync = List.copyOf(inSync);
    eligibleLeaders = List.copyOf(eligibleLeaders);
    adding = List.copyOf(adding);
    removing = List.copyOf(removing);
  }

  /** A new partition: all replicas are in sync as long as there is nothing to copy. */
  static PartitionImage created(List<Integer> replicas) {
    return settled(replicas.getFirst(), 0, 0, replicas, replicas);
  }

  /** With nothing under way, and a leader or none that ever was. */
  public static PartitionImage settled(
      int leaderId,
      int leaderEpoch,
      int partitionEpoch,
      List<Integer> replicas,
      List<Integer> inSync) {
    return new PartitionImage(
        leaderId,
        leaderEpoch,
        partitionEpoch,
        replicas,
        inSync,
        List.of(),
        NO_LEADER,
        List.of(),
        List.of(),
        false);
  }
}
