package io.funes.server.replication;

import java.util.Map;

/**
 * What there is of a partition on this broker at one moment.
 *
 * @param followerOffsets where this broker leads: one past the last offset that each other replica
 *     has, -1 where it was not heard of in this leader epoch
 */
public record HeldReplica(
    long sizeBytes,
    long logStartOffset,
    long logEndOffset,
    boolean leads,
    Map<Integer, Long> followerOffsets) {
  public HeldReplica {
    followerOffsets = Map.copyOf(followerOffsets);
  }

  static HeldReplica of(Replica replica) {
    LeaderPartition leader = replica.leader();
    return new HeldReplica(
        replica.log().sizeBytes(),
        replica.log().logStartOffset(),
        replica.log().logEndOffset(),
        leader != null,
        leader == null ? Map.of() : leader.followerOffsets());
  }
}
