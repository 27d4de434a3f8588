package io.funes.server.replication;

import io.funes.server.common.PartitionId;
import java.nio.ByteBuffer;

/**
 * What a follower and a leader say to each other about one partition. All partitions that one
 * broker follows from another share a stream, which keeps the order of its frames or breaks. Every
 * frame names the leader epoch it was said in, and is dropped by whoever is in another one.
 */
public sealed interface ReplicaFrame {
  PartitionId partition();

  int leaderEpoch();

  /** From the broker that follows. */
  sealed interface FromFollower extends ReplicaFrame {}

  /** From the broker that leads. */
  sealed interface FromLeader extends ReplicaFrame {}

  /**
   * Asks for everything from {@code logEndOffset} on. The leader answers {@link Diverged} or {@link
   * Restart} where the follower's log is not a part of its own, or else begins to push. An epoch
   * that the leader has not heard of yet makes it wait until it has.
   *
   * @param lastEpoch leader epoch of the follower's newest batch, -1 for none
   */
  record Follow(PartitionId partition, int leaderEpoch, long logEndOffset, int lastEpoch)
      implements FromFollower {}

  /**
   * All below {@code offset} is in the follower's log, as safe as the topic's flush policy asks.
   */
  record Acknowledge(PartitionId partition, int leaderEpoch, long offset) implements FromFollower {}

  /** Nothing more, please. */
  record Unfollow(PartitionId partition, int leaderEpoch) implements FromFollower {}

  /**
   * The follower's log parts from the leader's: cut it to the end of {@code epoch}, which in the
   * leader's log is {@code endOffset}, and follow again.
   */
  record Diverged(PartitionId partition, int leaderEpoch, int epoch, long endOffset)
      implements FromLeader {}

  /** The leader's log has nothing in common with the follower's: begin anew at its start. */
  record Restart(PartitionId partition, int leaderEpoch, long logStartOffset)
      implements FromLeader {}

  /**
   * What comes next in the leader's log, perhaps nothing. The first one says that the follower's
   * log is a part of the leader's.
   *
   * @param entries whole, with their offsets and epochs; gone when the call that got the frame has
   *     returned
   */
  record Push(PartitionId partition, int leaderEpoch, long highWatermark, ByteBuffer entries)
      implements FromLeader {}

  /**
   * The broker does not lead in this epoch any more: the metadata has, or will have, a newer one.
   */
  record NotLeader(PartitionId partition, int leaderEpoch) implements FromLeader {}
}
