package io.funes.server.record;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.common.RefusedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Turns what a client sent into a log entry: {@link BatchLayout#ENTRY_TAG}, length, canonical
 * batch. Where the bytes allow it the entry is made in place, with no copy. Owned by one thread; an
 * entry is valid until the next call.
 */
public final class EntryBuilder {
  /**
   * Room that {@link #aroundBody} needs in front of a body: entry tag and length, header, body tag
   * and length.
   */
  public static final int HEADROOM_BYTES = 1 + 5 + BatchLayout.HEADER_BYTES + 1 + 5;

  private ByteBuffer scratch = ByteBuffer.allocateDirect(64 << 10).order(ByteOrder.LITTLE_ENDIAN);

  /**
   * An entry from a length-delimited batch field: tag at {@code tagAt}, batch in {@code [at, at +
   * length)}. In place when the client wrote the canonical form, as the Java client does; else
   * rebuilt field by field.
   */
  public ByteBuffer fromBatch(ByteBuffer b, int tagAt, int at, int length) {
    int prefix = at - tagAt;
    if (prefix == 1 + Varint.size(length) && bodyIsCanonical(b, at, length)) {
      b.put(tagAt, BatchLayout.ENTRY_TAG);
      return entry(b, tagAt, at + length);
    }
    return rebuild(b, at, length);
  }

  /**
   * An entry around an uncompressed body that has {@link #HEADROOM_BYTES} of free room in front.
   */
  public ByteBuffer aroundBody(
      ByteBuffer b,
      int bodyAt,
      int bodyLength,
      int records,
      long baseTimestampMs,
      long maxTimestampMs) {
    int lengthAt = bodyAt - Varint.size(bodyLength);
    Varint.write(b, lengthAt, bodyLength);
    b.put(lengthAt - 1, BatchLayout.RECORDS_TAG);
    int at = lengthAt - 1 - BatchLayout.HEADER_BYTES;
    BatchLayout.writeHeader(b, at, 0, records, baseTimestampMs, maxTimestampMs);
    int batchLength = bodyAt + bodyLength - at;
    int tagAt = at - Varint.size(batchLength) - 1;
    b.put(tagAt, BatchLayout.ENTRY_TAG);
    Varint.write(b, tagAt + 1, batchLength);
    return entry(b, tagAt, bodyAt + bodyLength);
  }

  /** Index of the batch inside an entry that this class made. */
  public static int batchAt(ByteBuffer entry) {
    int lengthAt = entry.position() + 1;
    return lengthAt + Varint.length(entry, lengthAt, entry.limit());
  }

  /** As {@link #batchAt}, of an entry that anybody made. */
  public static int canonicalBatchAt(ByteBuffer entry) {
    int from = entry.position();
    int size = Varint.length(entry, from + 1, entry.limit());
    int at = from + 1 + size;
    int length = entry.limit() - at;
    if (entry.get(from) != BatchLayout.ENTRY_TAG
        || size < 1
        || Varint.read(entry, from + 1, size) != length
        || !BatchLayout.headerIsCanonical(entry, at, length)) {
      throw new IllegalArgumentException("the buffer does not hold one canonical batch");
    }
    return at;
  }

  private static boolean bodyIsCanonical(ByteBuffer b, int at, int length) {
    int tagAt = at + BatchLayout.HEADER_BYTES;
    if (!BatchLayout.headerIsCanonical(b, at, length) || tagAt >= at + length) {
      return false;
    }
    int size = Varint.length(b, tagAt + 1, at + length);
    if (size < 0) {
      return false;
    }
    long bodyLength = Varint.read(b, tagAt + 1, size);
    return bodyLength == at + length - (tagAt + 1 + size) && size == Varint.size(bodyLength);
  }

  private ByteBuffer rebuild(ByteBuffer b, int at, int length) {
    reserve(length + 2 * HEADROOM_BYTES);
    BatchFields fields = BatchFields.parse(b, at, at + length);
    int bodyAt = HEADROOM_BYTES;
    scratch.put(bodyAt, b, fields.bodyAt, fields.bodyLength);
    ByteBuffer entry =
        aroundBody(
            scratch,
            bodyAt,
            fields.bodyLength,
            fields.recordCount,
            fields.baseTimestampMs,
            fields.maxTimestampMs);
    int batchAt = batchAt(entry);
    fields.writeRest(scratch, batchAt);
    return entry;
  }

  private void reserve(int bytes) {
    if (scratch.capacity() < bytes) {
      scratch =
          ByteBuffer.allocateDirect(Math.max(bytes, 2 * scratch.capacity()))
              .order(ByteOrder.LITTLE_ENDIAN);
    }
    scratch.clear();
  }

  private static ByteBuffer entry(ByteBuffer b, int from, int to) {
    return b.limit(to).position(from);
  }

  /** Fields of a batch that came in any order, zeros left out. */
  private static final class BatchFields {
    private int seen;
    private int crc;
    private int attributes;
    private int recordCount;
    private int lastOffsetDelta;
    private long baseTimestampMs;
    private long maxTimestampMs;
    private long producerId;
    private int producerEpoch;
    private int baseSequence;
    private byte bodyTag;
    private int bodyAt;
    private int bodyLength;

    static BatchFields parse(ByteBuffer b, int from, int end) {
      BatchFields fields = new BatchFields();
      int at = from;
      while (at < end) {
        at = fields.field(b, at, end);
      }
      if (fields.bodyTag == 0) {
        throw new RefusedException(
            Refusal.of(
                ErrorCode.NO_RECORDS, "the batch has no body: send records or compressed_records"));
      }
      return fields;
    }

    private int field(ByteBuffer b, int at, int end) {
      int tag = b.get(at) & 0xff;
      int number = tag >> 3;
      int width =
          switch (tag & 7) {
            case 1 -> 8;
            case 5 -> 4;
            default -> 0;
          };
      if (tag == BatchLayout.RECORDS_TAG || tag == BatchLayout.COMPRESSED_TAG) {
        return body(b, at, end);
      }
      boolean known = tag > 0 && number >= 1 && number <= 12 && tag == EXPECTED_TAGS[number - 1];
      if (!known || end - at - 1 < width) {
        throw BatchValidator.malformed("unknown or cut field (tag byte 0x%02x)".formatted(tag));
      }
      if ((seen & (1 << number)) != 0) {
        throw BatchValidator.malformed("field %d stands twice".formatted(number));
      }
      seen |= 1 << number;
      set(number, width == 8 ? b.getLong(at + 1) : b.getInt(at + 1));
      return at + 1 + width;
    }

    private int body(ByteBuffer b, int at, int end) {
      int size = Varint.length(b, at + 1, end);
      long length = size < 0 ? -1 : Varint.read(b, at + 1, size);
      if (bodyTag != 0 || length < 0 || length > end - at - 1 - size) {
        throw BatchValidator.malformed("its body stands twice or is cut");
      }
      bodyTag = b.get(at);
      bodyAt = at + 1 + size;
      bodyLength = (int) length;
      return bodyAt + bodyLength;
    }

    private void set(int number, long value) {
      switch (number) {
        case 4 -> crc = (int) value;
        case 5 -> attributes = (int) value;
        case 6 -> recordCount = (int) value;
        case 7 -> lastOffsetDelta = (int) value;
        case 8 -> baseTimestampMs = value;
        case 9 -> maxTimestampMs = value;
        case 10 -> producerId = value;
        case 11 -> producerEpoch = (int) value;
        case 12 -> baseSequence = (int) value;
        default -> {
          // base_offset, leader_epoch and append_time_ms are the broker's to give.
        }
      }
    }

    private void writeRest(ByteBuffer b, int at) {
      BatchLayout.setCrc(b, at, crc);
      BatchLayout.setAttributes(b, at, attributes);
      BatchLayout.setLastOffsetDelta(b, at, lastOffsetDelta);
      BatchLayout.setProducer(b, at, producerId, producerEpoch, baseSequence);
      b.put(at + BatchLayout.HEADER_BYTES, bodyTag);
    }

    private static final int[] EXPECTED_TAGS = {
      0x09, 0x15, 0x19, 0x25, 0x2d, 0x35, 0x3d, 0x41, 0x49, 0x51, 0x5d, 0x65
    };
  }
}
