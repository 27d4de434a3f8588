package io.funes.server.replication;

import io.funes.server.common.Ticker;

/**
 * What all partitions of a broker share.
 *
 * @param brokerId of this broker
 * @param pushBytesMax most that a frame to a follower carries, unless a batch is larger
 * @param links where those that follow say so
 */
public record PartitionEnvironment(
    int brokerId,
    DiskGate diskGate,
    FlushQueue flushQueue,
    ProducerFence fence,
    PartitionMetrics metrics,
    int pushBytesMax,
    LeaderLinks links,
    Ticker ticker) {}
