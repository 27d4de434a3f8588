package io.funes.server.controller;

/**
 * A broker says that it is alive.
 *
 * @param appliedRevision of the metadata, see {@link
 *     io.funes.server.metadata.MetadataImage#revision}
 * @param wantsShutdown it waits for {@link HeartbeatAnswer#mayStop}
 * @param metadataVersion the highest that it can read, see {@link
 *     io.funes.server.metadata.MetadataVersion}
 */
public record Heartbeat(
    BrokerLife from, long appliedRevision, boolean wantsShutdown, int metadataVersion) {}
