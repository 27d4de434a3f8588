package io.funes.server.metadata;

import io.funes.server.metadata.TopicConfigKind.Choice;
import io.funes.server.metadata.TopicConfigKind.Ratio;
import io.funes.server.metadata.TopicConfigKind.Unit;
import io.funes.server.metadata.TopicConfigKind.Whole;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The table of topic configs: all that is known of a key stands in its line. */
public enum TopicConfigKey {
  RETENTION_MS("retention.ms", duration(0, true), "604800000", "Age at which records are deleted."),
  RETENTION_BYTES(
      "retention.bytes",
      bytes(0, Long.MAX_VALUE, true),
      "-1",
      "Size of a partition above which its oldest records are deleted."),
  SEGMENT_BYTES(
      "segment.bytes",
      bytes(16 << 10, Integer.MAX_VALUE, false),
      "536870912",
      "Size at which a new segment file is begun."),
  SEGMENT_MS(
      "segment.ms",
      duration(1_000, false),
      "604800000",
      "Age at which a new segment file is begun."),
  FLUSH(
      "flush",
      new Choice(List.of("os", "interval", "before-ack")),
      "os",
      "When records are forced to the disk: when the operating system likes, every flush.interval.ms, or before"
          + " they are acknowledged."),
  FLUSH_INTERVAL_MS(
      "flush.interval.ms",
      new Whole(Unit.MILLISECONDS, 1, 3_600_000, false),
      "1000",
      "Time between two flushes, for flush=interval."),
  MAX_RECORD_BYTES(
      "max.record.bytes", bytes(1, 3 << 20, false), "1048576", "Size of the largest record taken."),
  TIMESTAMP_TYPE(
      "timestamp.type",
      new Choice(List.of("create", "append")),
      "create",
      "Whose time a record carries: the producer's, or the broker's when it appends."),
  COMPRESSION(
      "compression",
      new Choice(List.of("producer", "none", "gzip", "snappy", "lz4", "zstd")),
      "producer",
      "How records are kept: as they came, or compressed with this codec."),
  CLEANUP_POLICY(
      "cleanup.policy",
      new Choice(List.of("delete", "compact", "compact,delete")),
      "delete",
      "What happens to old records: deleted by retention, or all but the last of each key removed, or both."),
  DELETE_RETENTION_MS(
      "delete.retention.ms",
      duration(0, false),
      "86400000",
      "Time that a compacted topic keeps the mark of a deleted key."),
  MIN_COMPACTION_LAG_MS(
      "min.compaction.lag.ms",
      duration(0, false),
      "0",
      "Age below which a compacted topic keeps every record."),
  MIN_CLEANABLE_DIRTY_RATIO(
      "min.cleanable.dirty.ratio",
      new Ratio(),
      "0.5",
      "Share of a compacted partition that must be new before it is compacted again."),
  MIN_INSYNC_REPLICAS(
      "min.insync.replicas",
      new Whole(Unit.COUNT, 1, 100, false),
      "1",
      "In-sync replicas below which produce with acks=all is refused."),
  UNCLEAN_LEADER_ELECTION(
      "unclean.leader.election",
      new Choice(List.of("false", "true")),
      "false",
      "Whether a replica that may lack committed records leads when no other can."),
  INDEX_INTERVAL_BYTES(
      "index.interval.bytes",
      bytes(1, Integer.MAX_VALUE, false),
      "4096",
      "Bytes between two entries of the offset index.");

  private static final Map<String, TopicConfigKey> BY_KEY =
      Arrays.stream(values()).collect(Collectors.toMap(TopicConfigKey::key, Function.identity()));

  private final String key;

  @SuppressWarnings("ImmutableEnumChecker") // Numbers and List.of.
  private final TopicConfigKind kind;

  private final String defaultValue;
  private final String doc;

  TopicConfigKey(String key, TopicConfigKind kind, String defaultValue, String doc) {
    this.key = key;
    this.kind = kind;
    this.defaultValue = defaultValue;
    this.doc = doc;
  }

  public static Optional<TopicConfigKey> of(String key) {
    return Optional.ofNullable(BY_KEY.get(key));
  }

  public static List<String> keys() {
    return Arrays.stream(values()).map(TopicConfigKey::key).toList();
  }

  public String key() {
    return key;
  }

  public TopicConfigKind kind() {
    return kind;
  }

  public String defaultValue() {
    return defaultValue;
  }

  /** One sentence. */
  public String doc() {
    return doc;
  }

  private static TopicConfigKind bytes(long min, long max, boolean unlimited) {
    return new Whole(Unit.BYTES, min, max, unlimited);
  }

  private static TopicConfigKind duration(long minMs, boolean unlimited) {
    return new Whole(Unit.MILLISECONDS, minMs, Long.MAX_VALUE, unlimited);
  }
}
