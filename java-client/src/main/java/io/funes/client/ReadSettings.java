package io.funes.client;

import java.time.Duration;

/** What a consumer was built with. */
record ReadSettings(
    StartPosition startAt,
    OffsetReset offsetReset,
    int maxPollRecords,
    int prefetchBytes,
    int maxBatchBytes,
    boolean checkCrc,
    Duration callTimeout,
    long silenceMsMax,
    Ticker ticker) {
  /** Three heartbeats of the broker. */
  static final long SILENCE_MS_MAX = 30_000;
}
