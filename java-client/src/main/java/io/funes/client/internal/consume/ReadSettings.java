package io.funes.client.internal.consume;

import io.funes.client.OffsetReset;
import io.funes.client.internal.transport.Ticker;
import io.funes.proto.v1.Start;

/**
 * What a consumer was built with.
 *
 * @param rack where it stands; empty where it reads from leaders
 */
public record ReadSettings(
    Start startAt,
    OffsetReset offsetReset,
    int maxPollRecords,
    int prefetchBytes,
    int maxBatchBytes,
    boolean checkCrc,
    String rack,
    long callTimeoutNanos,
    long silenceMsMax,
    Ticker ticker) {
  /** Three heartbeats of the broker. */
  public static final long SILENCE_MS_MAX = 30_000;
}
