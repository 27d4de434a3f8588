package io.funes.server.log;

import io.funes.server.common.Scheduler;
import io.funes.server.common.Ticker;
import io.funes.server.log.file.SegmentFiles;

/**
 * What the logs of a broker share.
 *
 * @param producersMax producers that a partition remembers; the least recently heard is forgotten
 *     first
 * @param producerExpirationMs silence after which a producer is forgotten; longer than any client
 *     retries
 */
public record LogEnvironment(
    Ticker ticker,
    Scheduler scheduler,
    SegmentFiles files,
    ProducerCheckpoints checkpoints,
    int producersMax,
    long producerExpirationMs) {}
