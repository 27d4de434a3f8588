package io.funes.server.log;

import java.io.IOException;

/** Which segments have lived long enough. */
final class Retention {
  private Retention() {}

  /**
   * How many segments, from the oldest on, may be deleted: they are beyond the configured bytes, or
   * all of their records are older than the configured time. Perhaps the active one too, which has
   * to be followed by a new one first; never an empty one, and never a record that is not yet below
   * the high watermark.
   */
  static int expired(LogSegment[] segments, LogConfig config, long nowMs, long highWatermark)
      throws IOException {
    long bytes = 0;
    for (LogSegment segment : segments) {
      bytes += segment.sizeBytes();
    }
    int count = 0;
    while (count < segments.length && segments[count].sizeBytes() > 0) {
      LogSegment oldest = segments[count];
      bytes -= oldest.sizeBytes();
      boolean spare = config.retentionBytes() >= 0 && bytes >= config.retentionBytes();
      if (oldest.nextOffset() > highWatermark || !(spare || outdated(oldest, config, nowMs))) {
        break;
      }
      count++;
    }
    return count;
  }

  private static boolean outdated(LogSegment segment, LogConfig config, long nowMs)
      throws IOException {
    return config.retentionMs() >= 0 && segment.maxTimestampMs() < nowMs - config.retentionMs();
  }
}
