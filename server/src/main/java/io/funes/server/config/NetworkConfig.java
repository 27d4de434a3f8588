package io.funes.server.config;

import java.util.Optional;

/** How clients and scrapes reach the broker. */
public record NetworkConfig(
    ListenAddress listen,
    Optional<ListenAddress> metricsListen,
    int networkThreads,
    int readThreads,
    int batchBytesMax,
    long heartbeatIntervalMs,
    long shutdownTimeoutMs) {}
