package io.funes.server.replication;

import io.funes.server.common.Ticker;

/** What all partitions of a broker share. */
public record PartitionEnvironment(
    DiskGate diskGate,
    FlushQueue flushQueue,
    ProducerFence fence,
    PartitionMetrics metrics,
    Ticker ticker) {}
