package io.funes.server.replication;

import io.funes.server.common.Ticker;
import java.util.function.Consumer;

/**
 * What all partitions of a broker share.
 *
 * @param brokerId of this broker
 * @param pushBytesMax most that a frame to a follower carries, unless a batch is larger
 * @param links where those that follow say so
 * @param caughtUp told of a leader with a replica that could come in sync; must not call it
 */
public record PartitionEnvironment(
    int brokerId,
    DiskGate diskGate,
    FlushQueue flushQueue,
    ProducerFence fence,
    PartitionMetrics metrics,
    int pushBytesMax,
    LeaderLinks links,
    Consumer<LeaderPartition> caughtUp,
    Ticker ticker) {}
