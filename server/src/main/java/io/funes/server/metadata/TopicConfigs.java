package io.funes.server.metadata;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.NearestName;
import io.funes.server.common.Refusal;
import java.util.Collection;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The configs of a topic as they apply: its own, else the broker's, else the default of {@link
 * TopicConfigKey}. -1 stands for no limit where it is legal. Getters parse, so whoever asks often
 * keeps the answer until the topic changes.
 */
public final class TopicConfigs {
  /** When records are forced to the disk. */
  public enum Flush {
    OS,
    INTERVAL,
    BEFORE_ACK
  }

  /** Whose time records carry. */
  public enum TimestampType {
    CREATE,
    APPEND
  }

  /** How records are kept. */
  public enum Compression {
    PRODUCER,
    NONE,
    GZIP,
    SNAPPY,
    LZ4,
    ZSTD
  }

  /** What happens to old records. */
  public enum CleanupPolicy {
    DELETE,
    COMPACT,
    COMPACT_DELETE
  }

  private final Map<String, String> effective;

  private TopicConfigs(Map<String, String> effective) {
    this.effective = effective;
  }

  /** Both maps have passed {@link #check}. */
  public static TopicConfigs of(Map<String, String> brokerDefaults, Map<String, String> overrides) {
    Map<String, String> effective = new TreeMap<>();
    for (TopicConfigKey key : TopicConfigKey.values()) {
      effective.put(key.key(), key.defaultValue());
    }
    effective.putAll(brokerDefaults);
    effective.putAll(overrides);
    return new TopicConfigs(Collections.unmodifiableMap(effective));
  }

  /** Why these may not be set on a topic, the first fault in key order. */
  public static Optional<Refusal> check(Map<String, String> configs) {
    for (Map.Entry<String, String> config : new TreeMap<>(configs).entrySet()) {
      Optional<TopicConfigKey> key = TopicConfigKey.of(config.getKey());
      if (key.isEmpty()) {
        return Optional.of(unknown(config.getKey()));
      }
      if (!key.get().kind().accepts(config.getValue())) {
        return Optional.of(illegal(key.get(), config.getValue()));
      }
    }
    return Optional.empty();
  }

  /** Why these may not be put back to their default. */
  public static Optional<Refusal> checkKeys(Collection<String> keys) {
    return keys.stream()
        .filter(key -> TopicConfigKey.of(key).isEmpty())
        .sorted()
        .findFirst()
        .map(TopicConfigs::unknown);
  }

  /** Every key with the value that applies, in key order. */
  public Map<String, String> effective() {
    return effective;
  }

  public long retentionMs() {
    return number(TopicConfigKey.RETENTION_MS);
  }

  public long retentionBytes() {
    return number(TopicConfigKey.RETENTION_BYTES);
  }

  public int segmentBytes() {
    return (int) number(TopicConfigKey.SEGMENT_BYTES);
  }

  public long segmentMs() {
    return number(TopicConfigKey.SEGMENT_MS);
  }

  public Flush flush() {
    return choice(TopicConfigKey.FLUSH, Flush.class);
  }

  public long flushIntervalMs() {
    return number(TopicConfigKey.FLUSH_INTERVAL_MS);
  }

  public int maxRecordBytes() {
    return (int) number(TopicConfigKey.MAX_RECORD_BYTES);
  }

  public TimestampType timestampType() {
    return choice(TopicConfigKey.TIMESTAMP_TYPE, TimestampType.class);
  }

  public Compression compression() {
    return choice(TopicConfigKey.COMPRESSION, Compression.class);
  }

  public CleanupPolicy cleanupPolicy() {
    return choice(TopicConfigKey.CLEANUP_POLICY, CleanupPolicy.class);
  }

  public long deleteRetentionMs() {
    return number(TopicConfigKey.DELETE_RETENTION_MS);
  }

  public long minCompactionLagMs() {
    return number(TopicConfigKey.MIN_COMPACTION_LAG_MS);
  }

  public double minCleanableDirtyRatio() {
    return Double.parseDouble(text(TopicConfigKey.MIN_CLEANABLE_DIRTY_RATIO));
  }

  public int minInsyncReplicas() {
    return (int) number(TopicConfigKey.MIN_INSYNC_REPLICAS);
  }

  public int indexIntervalBytes() {
    return (int) number(TopicConfigKey.INDEX_INTERVAL_BYTES);
  }

  private String text(TopicConfigKey key) {
    return effective.get(key.key());
  }

  private long number(TopicConfigKey key) {
    return Long.parseLong(text(key));
  }

  private <E extends Enum<E>> E choice(TopicConfigKey key, Class<E> type) {
    return Enum.valueOf(type, text(key).toUpperCase(Locale.ROOT).replaceAll("[-,]", "_"));
  }

  private static Refusal unknown(String key) {
    Optional<String> nearest = NearestName.of(key, TopicConfigKey.keys());
    String shown = printable(key);
    String hint =
        nearest
            .map("did you mean \"%s\"?"::formatted)
            .orElse("use one of " + String.join(", ", TopicConfigKey.keys()));
    Refusal refusal =
        Refusal.of(
                ErrorCode.INVALID_TOPIC_CONFIG,
                "there is no topic config \"%s\": %s".formatted(shown, hint))
            .with("config", shown)
            .field("configs");
    return nearest.map(name -> refusal.with("nearest", name)).orElse(refusal);
  }

  private static Refusal illegal(TopicConfigKey key, String value) {
    String shown = printable(value);
    return Refusal.of(
            ErrorCode.INVALID_TOPIC_CONFIG,
            "topic config %s may not be \"%s\": it must be %s"
                .formatted(key.key(), shown, key.kind().legal()))
        .with("config", key.key())
        .with("value", shown)
        .with("legal", key.kind().legal())
        .field("configs");
  }

  private static String printable(String text) {
    String cut = text.length() > 100 ? text.substring(0, 100) + "..." : text;
    return cut.replaceAll("[^\\x20-\\x7e]", "?");
  }
}
