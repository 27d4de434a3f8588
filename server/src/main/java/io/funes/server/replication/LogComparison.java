package io.funes.server.replication;

import io.funes.server.log.EpochEnd;
import io.funes.server.log.PartitionLog;
import io.funes.server.replication.ReplicaFrame.Diverged;
import io.funes.server.replication.ReplicaFrame.Follow;
import io.funes.server.replication.ReplicaFrame.FromLeader;
import io.funes.server.replication.ReplicaFrame.Restart;
import java.util.Optional;

/**
 * Whether a follower's log is a part of the leader's, told by the leader epoch of its end (KIP-101,
 * KIP-279): two logs that have a batch of the same epoch at the same offset are the same up to
 * there.
 */
final class LogComparison {
  private LogComparison() {}

  /** Empty where it is, else what the follower must do before it asks again. */
  static Optional<FromLeader> compare(PartitionLog leaders, Follow follow) {
    long start = leaders.logStartOffset();
    boolean nothingThere = follow.lastEpoch() < 0;
    Optional<EpochEnd> known = leaders.epochEnd(follow.lastEpoch());
    if (follow.logEndOffset() < start || (!nothingThere && known.isEmpty())) {
      return Optional.of(new Restart(follow.partition(), follow.leaderEpoch(), start));
    }
    if (nothingThere) {
      return follow.logEndOffset() <= leaders.logEndOffset()
          ? Optional.empty()
          : Optional.of(new Restart(follow.partition(), follow.leaderEpoch(), start));
    }
    EpochEnd end = known.get();
    return end.epoch() == follow.lastEpoch() && follow.logEndOffset() <= end.endOffset()
        ? Optional.empty()
        : Optional.of(
            new Diverged(follow.partition(), follow.leaderEpoch(), end.epoch(), end.endOffset()));
  }
}
