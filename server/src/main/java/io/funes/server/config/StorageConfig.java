package io.funes.server.config;

/** How the broker keeps its disk. */
public record StorageConfig(
    long diskFreeBytesMin, long checkpointIntervalMs, long retentionCheckIntervalMs) {}
