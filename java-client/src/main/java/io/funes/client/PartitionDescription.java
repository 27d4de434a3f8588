package io.funes.client;

import java.util.List;

/**
 * A partition and who serves it.
 *
 * @param partition partition number, from 0
 * @param leaderId broker that leads it, -1 for none
 * @param leaderEpoch raised at every change of leader
 * @param replicaIds brokers that hold it, preferred leader first
 * @param inSyncReplicaIds those of them that are in sync
 */
public record PartitionDescription(
    int partition,
    int leaderId,
    int leaderEpoch,
    List<Integer> replicaIds,
    List<Integer> inSyncReplicaIds) {}
