package io.funes.client;

/**
 * Where a record was written.
 *
 * @param topicPartition its partition
 * @param offset its offset, or -1 where the broker did not say: with {@link Acks#NONE}, and for a
 *     record whose first answer was lost and which the broker remembers having but not where
 */
public record RecordPosition(TopicPartition topicPartition, long offset) {
  /** Topic name. */
  public String topic() {
    return topicPartition.topic();
  }

  /** Partition number. */
  public int partition() {
    return topicPartition.partition();
  }
}
