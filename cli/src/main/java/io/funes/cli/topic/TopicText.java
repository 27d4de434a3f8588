package io.funes.cli.topic;

import io.funes.client.TopicDescription;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How a topic is shown. */
final class TopicText {
  private TopicText() {}

  static Map<String, Object> fields(TopicDescription topic) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("topic", topic.name());
    fields.put("id", topic.id());
    fields.put("partition_count", topic.partitionCount());
    fields.put("replication_factor", topic.replicationFactor());
    fields.put("configs", new TreeMap<>(topic.configs()));
    fields.put("internal", topic.internal());
    fields.put("create_time", topic.createTime().toString());
    return fields;
  }

  /** "access-log (6 partitions, 1 replica, retention.ms=-1)". */
  static String summary(TopicDescription topic) {
    return "%s (%s, %s%s)"
        .formatted(
            topic.name(),
            count(topic.partitionCount(), "partition"),
            count(topic.replicationFactor(), "replica"),
            topic.configs().isEmpty() ? "" : ", " + configs(topic.configs()));
  }

  static String configs(Map<String, String> configs) {
    return new TreeMap<>(configs)
        .entrySet().stream()
            .map(config -> config.getKey() + "=" + config.getValue())
            .collect(Collectors.joining(" "));
  }

  static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
