package io.funes.server.common;

/** A partition of a topic, by the topic's identity. */
public record PartitionId(TopicId topicId, int partition) {
  @Override
  public String toString() {
    return topicId + "-" + partition;
  }
}
