package io.funes.server.replication;

import io.funes.server.common.Ticker;
import java.util.function.Consumer;

/**
 * What all partitions of a broker share.
 *
 * @param brokerId of this broker
 * @param pushBytesMax most that a frame to a follower carries, unless a batch is larger
 * @param links where those that follow say so
 * @param inSyncOutdated told of a leader where a replica could come in sync or has given up; must
 *     not call it
 */
public record PartitionEnvironment(
    int brokerId,
    DiskGate diskGate,
    FlushQueue flushQueue,
    ProducerFence fence,
    PartitionMetrics metrics,
    int pushBytesMax,
    LeaderLinks links,
    Consumer<LeaderPartition> inSyncOutdated,
    Ticker ticker) {}
