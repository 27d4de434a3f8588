package io.funes.client;

import io.funes.client.internal.record.BatchFormat;
import io.funes.client.internal.record.Bytes;
import io.funes.client.internal.record.RecordEncoder;
import io.funes.client.internal.record.RecordHeaders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * A cursor over the records of one batch, read where they were received: nothing is copied or
 * allocated unless a method says so. Begins before the first record; after {@link #next} has said
 * false it can only be rewound. Valid until the consumer is next told to poll, assign, seek or
 * close; later calls find other bytes. Not safe for use by several threads.
 */
public final class BatchView {
  private static final int NONE = -1;

  private final TopicPartition topicPartition;
  private final long baseOffset;
  private final long appendTimeMs;
  private final long baseTimestampMs;
  private final int recordCount;
  private final int lastOffsetDelta;
  private final long fromOffset;

  private byte[] bytes;
  private int bodyStart;
  private int bodyEnd;

  private int position;
  private int index;
  private long offset;
  private long timestampMs;
  private int keyStart;
  private int keyLength;
  private int valueStart;
  private int valueLength;
  private int headersStart;
  private int recordEnd;

  /**
   * A view of the batch whose header stands at this place; {@link #records} says where its records
   * are.
   */
  BatchView(TopicPartition topicPartition, byte[] header, int at, long fromOffset) {
    this.topicPartition = topicPartition;
    this.fromOffset = fromOffset;
    baseOffset = Bytes.getLong(header, at + BatchFormat.BASE_OFFSET);
    appendTimeMs = Bytes.getLong(header, at + BatchFormat.APPEND_TIME);
    recordCount = Bytes.getInt(header, at + BatchFormat.RECORD_COUNT);
    lastOffsetDelta = Bytes.getInt(header, at + BatchFormat.LAST_OFFSET_DELTA);
    baseTimestampMs = Bytes.getLong(header, at + BatchFormat.BASE_TIMESTAMP);
  }

  void records(byte[] source, int from, int end) {
    bytes = source;
    bodyStart = from;
    bodyEnd = end;
    rewind();
  }

  /** One past the offsets that the batch stands for. */
  long nextOffset() {
    return baseOffset + lastOffsetDelta + 1;
  }

  /** Topic and partition. */
  public TopicPartition topicPartition() {
    return topicPartition;
  }

  /**
   * Moves to the next record at or above the consumer's position; false when there is none.
   *
   * @throws CorruptBatchException when the bytes are no records
   */
  public boolean next() {
    try {
      while (position < bodyEnd) {
        parse();
        if (offset >= fromOffset) {
          return true;
        }
      }
      return false;
    } catch (IndexOutOfBoundsException e) {
      throw malformed(e);
    }
  }

  private void parse() {
    byte[] b = bytes;
    int p = position + 1;
    int length = b[p++];
    if (length < 0) {
      length = varint(p - 1);
      p = afterVarint(p);
    }
    int end = p + length;
    if (b[position] != RecordEncoder.ENTRY || length < 0 || end > bodyEnd) {
      throw malformed(null);
    }
    keyLength = NONE;
    valueLength = NONE;
    headersStart = NONE;
    timestampMs = appendTimeMs != 0 ? appendTimeMs : baseTimestampMs;
    offset = baseOffset + index++;
    while (p < end) {
      p = field(b, p);
    }
    if (p != end) {
      throw malformed(null);
    }
    recordEnd = end;
    position = end;
  }

  /** Takes in the field at this place and gives back where it ends. */
  private int field(byte[] b, int at) {
    int tag = b[at];
    int p = at + 1;
    int number = b[p];
    int after = p + 1;
    if (number < 0) {
      number = varint(p);
      after = afterVarint(p);
    }
    switch (tag) {
      case RecordEncoder.KEY -> {
        keyStart = after;
        keyLength = number;
        return after + number;
      }
      case RecordEncoder.VALUE -> {
        valueStart = after;
        valueLength = number;
        return after + number;
      }
      case RecordEncoder.HEADER -> {
        headersStart = headersStart == NONE ? at : headersStart;
        return after + number;
      }
      case RecordEncoder.TIMESTAMP -> {
        timestampMs = appendTimeMs != 0 ? appendTimeMs : longVarint(p);
        return after;
      }
      case RecordEncoder.OFFSET_DELTA -> {
        offset = baseOffset + number;
        return after;
      }
      default -> throw malformed(null);
    }
  }

  private int varint(int at) {
    return (int) longVarint(at);
  }

  private long longVarint(int at) {
    long value = 0;
    for (int i = 0; i < 10; i++) {
      byte b = bytes[at + i];
      value |= (b & 0x7FL) << (7 * i);
      if (b >= 0) {
        break;
      }
    }
    return value;
  }

  private int afterVarint(int at) {
    int p = at;
    while (bytes[p] < 0) {
      p++;
    }
    return p + 1;
  }

  private CorruptBatchException malformed(Throwable cause) {
    String message = "a batch of " + topicPartition + " at offset " + baseOffset + " is malformed";
    return new CorruptBatchException(
        new Failure(ErrorReason.MALFORMED_RECORDS, message, false, cause),
        topicPartition,
        baseOffset);
  }

  /** Puts the cursor before the first record again. */
  public void rewind() {
    position = bodyStart;
    index = 0;
  }

  /**
   * Most records that {@link #next} will give; fewer when the batch begins below the consumer's
   * position.
   */
  public int recordCount() {
    return recordCount;
  }

  /** Offset of the record. */
  public long offset() {
    return offset;
  }

  /** Timestamp of the record in milliseconds since 1970-01-01 UTC. */
  public long timestampMs() {
    return timestampMs;
  }

  /** Bytes of the key, -1 when the record has none. */
  public int keyLength() {
    return keyLength;
  }

  /** Bytes of the value, -1 when the record has none. */
  public int valueLength() {
    return valueLength;
  }

  /** A read-only view of the key, made anew by each call; null when the record has none. */
  public ByteBuffer key() {
    return keyLength == NONE ? null : view(keyStart, keyLength);
  }

  /** A read-only view of the value, made anew by each call; null when the record has none. */
  public ByteBuffer value() {
    return valueLength == NONE ? null : view(valueStart, valueLength);
  }

  private ByteBuffer view(int start, int length) {
    return ByteBuffer.wrap(bytes, start, length).slice().asReadOnlyBuffer();
  }

  /** A copy of the key; null when the record has none. */
  public byte[] copyKey() {
    return keyLength == NONE ? null : Arrays.copyOfRange(bytes, keyStart, keyStart + keyLength);
  }

  /** A copy of the value; null when the record has none. */
  public byte[] copyValue() {
    return valueLength == NONE
        ? null
        : Arrays.copyOfRange(bytes, valueStart, valueStart + valueLength);
  }

  /**
   * Copies the value into an array of the caller's.
   *
   * @return number of bytes copied, -1 when the record has no value
   * @throws IndexOutOfBoundsException when it does not fit
   */
  public int copyValue(byte[] target, int at) {
    if (valueLength != NONE) {
      System.arraycopy(bytes, valueStart, target, at, valueLength);
    }
    return valueLength;
  }

  /** Copies of the headers, in the order in which they were sent. */
  public List<Header> headers() {
    if (headersStart == NONE) {
      return List.of();
    }
    try {
      return RecordHeaders.parse(bytes, headersStart, recordEnd);
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /** A copy of the record, safe to keep. */
  public ConsumerRecord copy() {
    return new ConsumerRecord(
        topicPartition, offset, timestampMs, copyKey(), copyValue(), headers());
  }
}
