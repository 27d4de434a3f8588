package io.funes.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A record to send. Made by {@link #to}. Key, value and headers are not copied here: {@link
 * Producer#send} has encoded them when it returns, and until then nobody may write to the arrays.
 * One record may be sent many times.
 */
public final class ProducerRecord {
  private static final Header[] NO_HEADERS = {};
  private static final int NO_PARTITION = -1;
  private static final long NO_TIMESTAMP = -1;

  private final String topic;
  private final byte[] key;
  private final byte[] value;
  private final List<Header> headers;
  private final int partition;
  private final long timestampMs;

  private ProducerRecord(Builder builder) {
    topic = builder.topic;
    key = builder.key;
    value = builder.value;
    headers = List.of(builder.headers);
    partition = builder.partition;
    timestampMs = builder.timestampMs;
  }

  /**
   * Begins a record for this topic, so far without key, value, headers, partition and timestamp.
   */
  public static Builder to(String topic) {
    return new Builder(topic);
  }

  /** Topic name. */
  public String topic() {
    return topic;
  }

  /** The key; null for none. */
  public byte[] key() {
    return key;
  }

  /** The value; null for none, which on a compacted topic deletes the key. */
  public byte[] value() {
    return value;
  }

  /** Headers in the order given. */
  public List<Header> headers() {
    return headers;
  }

  /** The partition asked for; -1 when the key or the producer chooses. */
  public int partition() {
    return partition;
  }

  /** Milliseconds since 1970-01-01 UTC; -1 when producer or broker give the time. */
  public long timestampMs() {
    return timestampMs;
  }

  @Override
  public String toString() {
    return "record to "
        + topic
        + (partition == NO_PARTITION ? "" : "-" + partition)
        + ", key "
        + (key == null ? "none" : key.length + " bytes")
        + ", value "
        + (value == null ? "none" : value.length + " bytes");
  }

  /** Collects the parts of a record. Not safe for use by several threads. */
  public static final class Builder {
    private final String topic;
    private byte[] key;
    private byte[] value;
    private Header[] headers = NO_HEADERS;
    private int partition = NO_PARTITION;
    private long timestampMs = NO_TIMESTAMP;

    private Builder(String topic) {
      this.topic = Objects.requireNonNull(topic, "topic");
    }

    /**
     * Key bytes, null for none. The key decides the partition unless {@link #partition} is given.
     */
    public Builder key(byte[] key) {
      this.key = key;
      return this;
    }

    /** Key as UTF-8. */
    public Builder key(String key) {
      return key(key.getBytes(UTF_8));
    }

    /** Value bytes, null for none. */
    public Builder value(byte[] value) {
      this.value = value;
      return this;
    }

    /** Value as UTF-8. */
    public Builder value(String value) {
      return value(value.getBytes(UTF_8));
    }

    /** Adds a header. Order and duplicates are kept. */
    public Builder header(String name, byte[] value) {
      return header(Header.of(name, value));
    }

    /** Adds a header whose value is text, sent as UTF-8. */
    public Builder header(String name, String value) {
      return header(Header.of(name, value));
    }

    /** Adds a header. */
    public Builder header(Header header) {
      Objects.requireNonNull(header, "header");
      headers = Arrays.copyOf(headers, headers.length + 1);
      headers[headers.length - 1] = header;
      return this;
    }

    /**
     * Sends the record to this partition whatever its key.
     *
     * @throws IllegalArgumentException when negative
     */
    public Builder partition(int partition) {
      Check.argument(partition >= 0, "partition", partition, "must not be negative");
      this.partition = partition;
      return this;
    }

    /**
     * Timestamp in milliseconds since 1970-01-01 UTC. Without one the record gets the time at which
     * its batch was begun (or, on topics with {@code timestamp.type=append}, the broker's time).
     *
     * @throws IllegalArgumentException when negative
     */
    public Builder timestampMs(long timestampMs) {
      Check.argument(timestampMs >= 0, "timestampMs", timestampMs, "must not be negative");
      this.timestampMs = timestampMs;
      return this;
    }

    /** The record. */
    public ProducerRecord build() {
      return new ProducerRecord(this);
    }
  }
}
