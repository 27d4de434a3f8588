package io.funes.server.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.metadata.TopicConfigs.CleanupPolicy;
import io.funes.server.metadata.TopicConfigs.Compression;
import io.funes.server.metadata.TopicConfigs.Flush;
import io.funes.server.metadata.TopicConfigs.TimestampType;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TopicConfigsTest {
  @Test
  void defaults() {
    TopicConfigs configs = TopicConfigs.of(Map.of(), Map.of());

    assertThat(configs.retentionMs()).isEqualTo(604_800_000);
    assertThat(configs.retentionBytes()).isEqualTo(-1);
    assertThat(configs.segmentBytes()).isEqualTo(512 << 20);
    assertThat(configs.segmentMs()).isEqualTo(604_800_000);
    assertThat(configs.flush()).isEqualTo(Flush.OS);
    assertThat(configs.flushIntervalMs()).isEqualTo(1_000);
    assertThat(configs.maxRecordBytes()).isEqualTo(1 << 20);
    assertThat(configs.timestampType()).isEqualTo(TimestampType.CREATE);
    assertThat(configs.compression()).isEqualTo(Compression.PRODUCER);
    assertThat(configs.cleanupPolicy()).isEqualTo(CleanupPolicy.DELETE);
    assertThat(configs.deleteRetentionMs()).isEqualTo(86_400_000);
    assertThat(configs.minCompactionLagMs()).isZero();
    assertThat(configs.minCleanableDirtyRatio()).isEqualTo(0.5);
    assertThat(configs.minInsyncReplicas()).isEqualTo(1);
    assertThat(configs.indexIntervalBytes()).isEqualTo(4_096);
    assertThat(configs.effective().keySet())
        .containsExactlyInAnyOrderElementsOf(TopicConfigKey.keys());
  }

  @Test
  void topicsOwnConfigsGoOverTheBrokersOverTheDefaults() {
    TopicConfigs configs =
        TopicConfigs.of(
            Map.of("flush", "interval", "retention.ms", "5"),
            Map.of("flush", "before-ack", "cleanup.policy", "compact,delete"));

    assertThat(configs.flush()).isEqualTo(Flush.BEFORE_ACK);
    assertThat(configs.retentionMs()).isEqualTo(5);
    assertThat(configs.cleanupPolicy()).isEqualTo(CleanupPolicy.COMPACT_DELETE);
    assertThat(configs.effective()).containsEntry("segment.bytes", "536870912");
  }

  @ParameterizedTest
  @EnumSource
  void everyLineOfTheTableIsWhole(TopicConfigKey key) {
    assertThat(key.kind().accepts(key.defaultValue())).isTrue();
    assertThat(key.kind().legal()).isNotBlank();
    assertThat(key.doc()).endsWith(".");
    assertThat(TopicConfigKey.of(key.key())).contains(key);
  }

  @ParameterizedTest
  @EnumSource
  void everyChoiceHasAConstant(TopicConfigKey key) {
    if (key.kind() instanceof TopicConfigKind.Choice(var words)) {
      for (String word : words) {
        TopicConfigs configs = TopicConfigs.of(Map.of(), Map.of(key.key(), word));
        assertThat(configs.flush()).isNotNull();
        assertThat(configs.timestampType()).isNotNull();
        assertThat(configs.compression()).isNotNull();
        assertThat(configs.cleanupPolicy()).isNotNull();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "retention.ms, -1",
    "retention.ms, 0",
    "retention.ms, 9223372036854775807",
    "segment.bytes, 16384",
    "segment.bytes, 2147483647",
    "max.record.bytes, 3145728",
    "min.cleanable.dirty.ratio, 0",
    "min.cleanable.dirty.ratio, 1.0",
    "compression, zstd",
    "'cleanup.policy', 'compact,delete'"
  })
  void legal(String key, String value) {
    assertThat(TopicConfigs.check(Map.of(key, value))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "retention.ms, -2",
    "retention.ms, 9223372036854775808",
    "retention.ms, ''",
    "retention.ms, 7d",
    "retention.ms, +5",
    "retention.ms, ' 5'",
    "retention.ms, ٣",
    "segment.bytes, 16383",
    "segment.bytes, 2147483648",
    "segment.bytes, -1",
    "max.record.bytes, 3145729",
    "max.record.bytes, 0",
    "min.cleanable.dirty.ratio, 1.1",
    "min.cleanable.dirty.ratio, -0.1",
    "min.cleanable.dirty.ratio, NaN",
    "min.insync.replicas, 0",
    "flush, OS",
    "compression, lzma"
  })
  void illegalValueIsNamedWithItsRange(String key, String value) {
    Refusal refusal = TopicConfigs.check(Map.of(key, value)).orElseThrow();

    assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_TOPIC_CONFIG);
    assertThat(refusal.message())
        .contains(key)
        .contains(TopicConfigKey.of(key).orElseThrow().kind().legal());
    assertThat(refusal.metadata()).containsEntry("config", key).containsKey("legal");
  }

  @ParameterizedTest
  @CsvSource({
    "retention.mss, retention.ms",
    "retention_bytes, retention.bytes",
    "compression.type, compression",
    "min.insync.replica, min.insync.replicas",
    "Flush, flush"
  })
  void unknownKeyIsAnsweredWithTheNearest(String key, String nearest) {
    Refusal refusal = TopicConfigs.check(Map.of(key, "1")).orElseThrow();

    assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_TOPIC_CONFIG);
    assertThat(refusal.metadata()).containsEntry("config", key).containsEntry("nearest", nearest);
    assertThat(refusal.message()).contains(key).contains(nearest);
    assertThat(TopicConfigs.checkKeys(Set.of("flush", key))).contains(refusal);
  }

  @Test
  void whereNoKeyIsNearAllAreNamed() {
    Refusal refusal = TopicConfigs.check(Map.of("quota", "1")).orElseThrow();

    assertThat(refusal.metadata()).containsEntry("config", "quota").doesNotContainKey("nearest");
    assertThat(refusal.message()).contains(TopicConfigKey.keys());
  }

  @Test
  void longAndUnprintableInputIsCutInTheAnswer() {
    Refusal key = TopicConfigs.check(Map.of("x".repeat(1_000_000), "1")).orElseThrow();
    Refusal value = TopicConfigs.check(Map.of("flush", "\n\u0000".repeat(1_000))).orElseThrow();

    assertThat(key.message()).hasSizeLessThan(600);
    assertThat(value.message()).hasSizeLessThan(300).doesNotContain("\n");
  }
}
