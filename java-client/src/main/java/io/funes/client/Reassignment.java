package io.funes.client;

import java.util.List;

/**
 * A partition on its way to other brokers.
 *
 * @param partition which one
 * @param leaderId broker that leads it, -1 for none
 * @param replicaIds brokers that hold it now: first those that shall hold it, preferred leader
 *     first, then those that shall go
 * @param inSyncReplicaIds those of them that are in sync
 * @param addingReplicaIds those of them that are new; empty when the move is complete
 * @param removingReplicaIds those of them that go as soon as all new ones are in sync; empty when
 *     the move is complete
 */
public record Reassignment(
    TopicPartition partition,
    int leaderId,
    List<Integer> replicaIds,
    List<Integer> inSyncReplicaIds,
    List<Integer> addingReplicaIds,
    List<Integer> removingReplicaIds) {

  /** Whether it has arrived. */
  public boolean isComplete() {
    return addingReplicaIds.isEmpty() && removingReplicaIds.isEmpty();
  }
}
