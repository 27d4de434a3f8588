package io.funes.server.config;

import java.util.Map;

/**
 * What topics get and may have.
 *
 * @param configDefaults by topic config key: values for topics that do not set it
 */
public record TopicsConfig(
    int partitionsDefault,
    int replicationDefault,
    int partitionsMax,
    int brokerPartitionsMax,
    Map<String, String> configDefaults) {
  public TopicsConfig {
    configDefaults = Map.copyOf(configDefaults);
  }
}
