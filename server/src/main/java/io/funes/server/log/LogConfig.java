package io.funes.server.log;

/**
 * What a log needs of its topic's configuration.
 *
 * @param segmentBytes size at which the next batch begins a new segment
 * @param segmentMs age of a segment's first append at which the next batch begins a new one
 * @param retentionMs how long a record is kept at least, by its timestamp; -1 for ever
 * @param retentionBytes bytes that are kept at least; -1 for all
 * @param indexIntervalBytes bytes of log between two index entries
 */
public record LogConfig(
    int segmentBytes,
    long segmentMs,
    long retentionMs,
    long retentionBytes,
    int indexIntervalBytes) {
  public LogConfig {
    require(segmentBytes > 0, "segmentBytes", segmentBytes);
    require(segmentMs > 0, "segmentMs", segmentMs);
    require(retentionMs >= -1, "retentionMs", retentionMs);
    require(retentionBytes >= -1, "retentionBytes", retentionBytes);
    require(indexIntervalBytes > 0, "indexIntervalBytes", indexIntervalBytes);
  }

  private static void require(boolean valid, String name, long value) {
    if (!valid) {
      throw new IllegalArgumentException("%s is %d".formatted(name, value));
    }
  }
}
