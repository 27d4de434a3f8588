package io.funes.server.replication;

import io.funes.server.metadata.TopicConfigs;
import io.funes.server.metadata.TopicConfigs.CleanupPolicy;
import io.funes.server.metadata.TopicConfigs.TimestampType;
import io.funes.server.metadata.TopicImage;
import io.funes.server.record.BodyRules;
import java.util.Map;

/**
 * A topic's config as it applies on this broker: what the topic sets, over what the broker gives by
 * default.
 */
public record TopicRulesSource(Map<String, String> brokerDefaults, int batchBytesMax) {
  public TopicConfigs configs(TopicImage topic) {
    return TopicConfigs.of(brokerDefaults, topic.configs());
  }

  TopicRules rules(TopicConfigs configs) {
    return new TopicRules(
        new BodyRules(
            configs.maxRecordBytes(),
            batchBytesMax,
            configs.cleanupPolicy() != CleanupPolicy.DELETE),
        configs.timestampType() == TimestampType.APPEND,
        switch (configs.flush()) {
          case BEFORE_ACK -> FlushPolicy.BEFORE_ACK;
          case INTERVAL -> FlushPolicy.INTERVAL;
          case OS -> FlushPolicy.OS;
        },
        configs.flushIntervalMs(),
        configs.minInsyncReplicas());
  }
}
