package io.funes.client.internal.produce;

import io.funes.client.internal.cluster.Way;

/**
 * Which lane a queue goes by, and which it would rather. Guarded by its {@link PartitionQueue}; the
 * lane is changed by the thread that drains and may be read by any.
 */
final class LaneChoice {
  private final boolean numbered;
  private volatile ProduceLane lane;
  private ProduceLane wished;
  private int leaderEpoch = Way.UNKNOWN;

  /** Answers by the lane are not worth waiting for: another broker leads. */
  private boolean overtaken;

  /**
   * By this lane at first.
   *
   * @param numbered whether the leader can tell a second copy from the first
   */
  LaneChoice(ProduceLane lane, boolean numbered) {
    this.lane = lane;
    this.wished = lane;
    this.numbered = numbered;
  }

  ProduceLane lane() {
    return lane;
  }

  /** Of the broker at the end of the lane, as far as is known. */
  int leaderEpoch() {
    return leaderEpoch;
  }

  /** True if that is another lane than now. */
  boolean wish(ProduceLane next, int nextLeaderEpoch) {
    boolean led = leaderEpoch != Way.UNKNOWN && nextLeaderEpoch != Way.UNKNOWN;
    boolean another = led && nextLeaderEpoch != leaderEpoch;
    leaderEpoch = nextLeaderEpoch;
    wished = next;
    overtaken = !isSettled() && (overtaken || (another && numbered));
    return !isSettled();
  }

  /** It goes by the lane that it wishes for. */
  boolean isSettled() {
    return wished == lane;
  }

  /** Once all answers are in, or at once where nothing is to be had from waiting for them. */
  boolean mayMove(int inFlight) {
    return inFlight == 0 || overtaken;
  }

  void move() {
    lane = wished;
    overtaken = false;
  }
}
