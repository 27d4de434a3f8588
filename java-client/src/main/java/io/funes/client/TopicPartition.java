package io.funes.client;

import java.io.Serializable;
import java.util.Objects;

/**
 * One partition of a topic.
 *
 * @param topic topic name
 * @param partition partition number, from 0
 */
public record TopicPartition(String topic, int partition) implements Serializable {
  /**
   * Checks the arguments.
   *
   * @throws IllegalArgumentException when the partition is negative
   */
  public TopicPartition {
    Objects.requireNonNull(topic, "topic");
    Check.argument(partition >= 0, "partition", partition, "must not be negative");
  }

  @Override
  public String toString() {
    return topic + "-" + partition;
  }
}
