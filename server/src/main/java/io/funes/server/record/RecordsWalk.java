package io.funes.server.record;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.common.RefusedException;
import java.nio.ByteBuffer;

/**
 * One pass over an uncompressed batch body: refuses what is not a sequence of records that this
 * version understands, and leaves the count and the largest timestamp behind. Nothing is stored
 * that has not been walked, so every reader, generated stubs included, can parse what it gets.
 * Reused by its thread; about ten nanoseconds a record.
 */
public final class RecordsWalk {
  private static final int KEY = 0x0a;
  private static final int VALUE = 0x12;
  private static final int HEADER = 0x1a;
  private static final int TIMESTAMP = 0x20;
  private static final int OFFSET_DELTA = 0x28;

  private ByteBuffer bytes;
  private int position;
  private int count;
  private long maxTimestampMs;
  private int bytesMax;

  /** Records seen. */
  public int count() {
    return count;
  }

  /** Largest timestamp; records without one count as {@code baseTimestampMs}. */
  public long maxTimestampMs() {
    return maxTimestampMs;
  }

  /** Walks the body in {@code [at, end)}. */
  public void over(ByteBuffer body, int at, int end, long baseTimestampMs, BodyRules rules) {
    bytes = body;
    position = at;
    count = 0;
    maxTimestampMs = Long.MIN_VALUE;
    bytesMax = rules.recordBytesMax();
    boolean keyRequired = rules.keyRequired();
    while (position < end) {
      if (body.get(position) != BatchLayout.ENTRY_TAG) {
        throw malformed("field 1 (records) expected");
      }
      position++;
      int length = length(end);
      if (length > bytesMax) {
        throw tooLarge(length);
      }
      record(position + length, baseTimestampMs, keyRequired);
      count++;
    }
    if (count == 0) {
      throw new RefusedException(
          ErrorCode.NO_RECORDS, "the request holds no record: send at least one");
    }
  }

  private void record(int end, long baseTimestampMs, boolean keyRequired) {
    int seen = 0;
    long timestampMs = baseTimestampMs;
    while (position < end) {
      int tag = bytes.get(position++);
      switch (tag) {
        case KEY, VALUE -> {
          seen = once(seen, tag);
          skip(length(end));
        }
        case HEADER -> {
          int length = length(end);
          HeaderCheck.check(bytes, position, position + length, count);
          skip(length);
        }
        case TIMESTAMP -> {
          seen = once(seen, tag);
          timestampMs = varint(end);
        }
        case OFFSET_DELTA ->
            throw malformed("offset_delta is set by the broker only: leave it out");
        default -> throw malformed("unknown field (tag byte 0x%02x)".formatted(tag & 0xff));
      }
    }
    if (timestampMs < 0) {
      throw new RefusedException(
          Refusal.of(
                  ErrorCode.INVALID_TIMESTAMP,
                  "record %d has timestamp %d ms: use milliseconds since 1970, or none for the broker's clock"
                      .formatted(count, timestampMs))
              .with("record", count)
              .with("timestamp_ms", timestampMs));
    }
    if (keyRequired && (seen & (1 << (KEY >> 3))) == 0) {
      throw new RefusedException(
          Refusal.of(
                  ErrorCode.KEY_REQUIRED,
                  "record %d has no key, which a compacted topic needs".formatted(count))
              .with("record", count));
    }
    maxTimestampMs = Math.max(maxTimestampMs, timestampMs);
  }

  private void skip(int length) {
    position += length;
  }

  private int once(int seen, int tag) {
    int bit = 1 << (tag >> 3);
    if ((seen & bit) != 0) {
      throw malformed("field %d stands twice".formatted(tag >> 3));
    }
    return seen | bit;
  }

  /** Reads a length and checks that so many bytes follow before {@code end}. */
  private int length(int end) {
    if (position < end) {
      int first = bytes.get(position);
      if (first >= 0 && first <= end - position - 1) {
        position++;
        return first;
      }
    }
    if (Varint.length(bytes, position, end) > Varint.LENGTH_BYTES_MAX) {
      throw malformed("a length takes more than 5 bytes");
    }
    long length = varint(end);
    if (length < 0 || length > end - position) {
      throw malformed("a field is longer than the message around it");
    }
    return (int) length;
  }

  private long varint(int end) {
    int size = Varint.length(bytes, position, end);
    if (size < 0) {
      throw malformed("a number does not end");
    }
    long value = Varint.read(bytes, position, size);
    position += size;
    return value;
  }

  private RefusedException malformed(String what) {
    return new RefusedException(
        Refusal.of(ErrorCode.MALFORMED_RECORDS, "record %d is malformed: %s".formatted(count, what))
            .with("record", count));
  }

  private RefusedException tooLarge(int length) {
    return new RefusedException(
        Refusal.of(
                ErrorCode.RECORD_TOO_LARGE,
                "record %d takes %d bytes, the topic allows %d: split it, or raise max.record.bytes"
                    .formatted(count, length, bytesMax))
            .with("record", count)
            .with("record_bytes", length)
            .with("max.record.bytes", bytesMax));
  }
}
