package io.funes.server.metadata;

import io.funes.server.common.PartitionId;
import java.util.List;

/**
 * What the in-sync replicas of a partition shall be, said by its leader. Compare-and-set: it takes
 * effect on the very state that the leader drew it up from, or not at all.
 *
 * @param leaderEpoch that the leader leads in
 * @param partitionEpoch of the state that it is meant to follow
 * @param inSync the whole set, the leader included
 * @param recovered a leader that was elected unclean has made good what it can, and others may come
 *     in sync with it
 */
public record InSyncChange(
    PartitionId partition,
    int leaderEpoch,
    int partitionEpoch,
    List<Member> inSync,
    boolean recovered) {

  /**
   * A replica that shall be in sync.
   *
   * @param brokerEpoch of the broker when it was seen to be in sync, so that one that was started
   *     again does not get in on the strength of its former life (KIP-903); -1: not known
   */
  public record Member(int brokerId, long brokerEpoch) {
    public static final long EPOCH_UNKNOWN = -1;
  }

  public InSyncChange {
    inSync = List.copyOf(inSync);
  }
}
