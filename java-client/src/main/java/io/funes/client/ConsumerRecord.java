package io.funes.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/** A record that was read. Its arrays belong to the caller. */
public final class ConsumerRecord {
  private final TopicPartition topicPartition;
  private final long offset;
  private final long timestampMs;
  private final byte[] key;
  private final byte[] value;
  private final List<Header> headers;

  /** For the consumer, and for tests of what is done with records. Copies nothing. */
  public ConsumerRecord(
      TopicPartition topicPartition,
      long offset,
      long timestampMs,
      byte[] key,
      byte[] value,
      List<Header> headers) {
    this.topicPartition = topicPartition;
    this.offset = offset;
    this.timestampMs = timestampMs;
    this.key = key;
    this.value = value;
    this.headers = headers;
  }

  /** Topic name. */
  public String topic() {
    return topicPartition.topic();
  }

  /** Partition number. */
  public int partition() {
    return topicPartition.partition();
  }

  /** Topic and partition. */
  public TopicPartition topicPartition() {
    return topicPartition;
  }

  /** Offset in the partition. */
  public long offset() {
    return offset;
  }

  /** Milliseconds since 1970-01-01 UTC. */
  public long timestampMs() {
    return timestampMs;
  }

  /** The key; null when the record has none. */
  public byte[] key() {
    return key;
  }

  /** The value; null when the record has none. */
  public byte[] value() {
    return value;
  }

  /** The key read as UTF-8; null when the record has none. */
  public String keyText() {
    return key == null ? null : new String(key, UTF_8);
  }

  /** The value read as UTF-8; null when the record has none. */
  public String valueText() {
    return value == null ? null : new String(value, UTF_8);
  }

  /** Headers in the order in which they were sent. */
  public List<Header> headers() {
    return headers;
  }

  @Override
  public String toString() {
    return topicPartition
        + " offset "
        + offset
        + ", key "
        + (key == null ? "none" : key.length + " bytes")
        + ", value "
        + (value == null ? "none" : value.length + " bytes");
  }
}
