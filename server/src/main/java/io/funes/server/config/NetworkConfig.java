package io.funes.server.config;

import java.util.Optional;

/**
 * How clients and scrapes reach the broker.
 *
 * @param advertise where clients are told to connect; where none is given, at {@code listen}
 */
public record NetworkConfig(
    ListenAddress listen,
    Optional<ListenAddress> advertise,
    Optional<ListenAddress> metricsListen,
    int networkThreads,
    int readThreads,
    int batchBytesMax,
    long heartbeatIntervalMs,
    long shutdownTimeoutMs) {}
