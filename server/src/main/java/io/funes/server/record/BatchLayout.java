package io.funes.server.record;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The 80 fixed bytes that every canonical {@code RecordBatch} begins with, read and written in
 * place. Buffers are little endian; {@code at} is the index of the batch's first byte, the tag of
 * {@code base_offset}. The table stands in {@code io.funes.server.log}.
 */
public final class BatchLayout {
  public static final int HEADER_BYTES = 80;

  /** Tag of {@code batches = 1} in a segment and in a fetch reply. */
  public static final byte ENTRY_TAG = 0x0a;

  public static final byte RECORDS_TAG = 0x6a;
  public static final byte COMPRESSED_TAG = 0x72;

  public static final int CODEC_MASK = 0x07;
  public static final int TRANSACTIONAL = 0x10;
  public static final int CONTROL = 0x20;

  /** Where the part begins that never changes after the producer. */
  public static final int CRC_START = 28;

  /** Tag and the index of each header field, in order. */
  private static final byte[] TAGS = {
    0x09, 0x15, 0x19, 0x25, 0x2d, 0x35, 0x3d, 0x41, 0x49, 0x51, 0x5d, 0x65
  };

  private static final int[] TAG_AT = {0, 9, 14, 23, 28, 33, 38, 43, 52, 61, 70, 75};

  private BatchLayout() {}

  public static long baseOffset(ByteBuffer b, int at) {
    return b.getLong(at + 1);
  }

  public static int leaderEpoch(ByteBuffer b, int at) {
    return b.getInt(at + 10);
  }

  public static long appendTimeMs(ByteBuffer b, int at) {
    return b.getLong(at + 15);
  }

  public static int crc(ByteBuffer b, int at) {
    return b.getInt(at + 24);
  }

  public static int attributes(ByteBuffer b, int at) {
    return b.getInt(at + 29);
  }

  public static int recordCount(ByteBuffer b, int at) {
    return b.getInt(at + 34);
  }

  public static int lastOffsetDelta(ByteBuffer b, int at) {
    return b.getInt(at + 39);
  }

  public static long baseTimestampMs(ByteBuffer b, int at) {
    return b.getLong(at + 44);
  }

  public static long maxTimestampMs(ByteBuffer b, int at) {
    return b.getLong(at + 53);
  }

  public static long producerId(ByteBuffer b, int at) {
    return b.getLong(at + 62);
  }

  public static int producerEpoch(ByteBuffer b, int at) {
    return b.getInt(at + 71);
  }

  public static int baseSequence(ByteBuffer b, int at) {
    return b.getInt(at + 76);
  }

  public static long lastOffset(ByteBuffer b, int at) {
    return baseOffset(b, at) + lastOffsetDelta(b, at);
  }

  public static boolean compressed(ByteBuffer b, int at) {
    return (attributes(b, at) & CODEC_MASK) != 0;
  }

  /** Largest timestamp as readers see it: the append time where the topic uses it. */
  public static long effectiveMaxTimestampMs(ByteBuffer b, int at) {
    long appendTimeMs = appendTimeMs(b, at);
    return appendTimeMs != 0 ? appendTimeMs : maxTimestampMs(b, at);
  }

  /** The broker's part: fills in what the CRC does not cover. */
  public static void assign(
      ByteBuffer b, int at, long baseOffset, int leaderEpoch, long appendTimeMs) {
    b.putLong(at + 1, baseOffset);
    b.putInt(at + 10, leaderEpoch);
    b.putLong(at + 15, appendTimeMs);
  }

  public static void setCrc(ByteBuffer b, int at, int crc) {
    b.putInt(at + 24, crc);
  }

  /** Says that the body is not compressed any more. */
  public static void clearCodec(ByteBuffer b, int at) {
    setAttributes(b, at, attributes(b, at) & ~CODEC_MASK);
  }

  static void setAttributes(ByteBuffer b, int at, int attributes) {
    b.putInt(at + 29, attributes);
  }

  static void setLastOffsetDelta(ByteBuffer b, int at, int delta) {
    b.putInt(at + 39, delta);
  }

  /** Who produced the batch and where it stands in that producer's sequence. */
  public static void setProducer(ByteBuffer b, int at, long producerId, int epoch, int sequence) {
    b.putLong(at + 62, producerId);
    b.putInt(at + 71, epoch);
    b.putInt(at + 76, sequence);
  }

  /** Writes a whole header with the broker's fields, the CRC and the producer at zero. */
  public static void writeHeader(
      ByteBuffer b,
      int at,
      int attributes,
      int records,
      long baseTimestampMs,
      long maxTimestampMs) {
    for (int i = 0; i < HEADER_BYTES; i += Long.BYTES) {
      b.putLong(at + i, 0);
    }
    for (int i = 0; i < TAGS.length; i++) {
      b.put(at + TAG_AT[i], TAGS[i]);
    }
    b.putInt(at + 29, attributes);
    b.putInt(at + 34, records);
    b.putInt(at + 39, records - 1);
    b.putLong(at + 44, baseTimestampMs);
    b.putLong(at + 53, maxTimestampMs);
  }

  /** True where the bytes begin with all twelve header fields in their places. */
  public static boolean headerIsCanonical(ByteBuffer b, int at, int length) {
    if (length < HEADER_BYTES) {
      return false;
    }
    for (int i = 0; i < TAGS.length; i++) {
      if (b.get(at + TAG_AT[i]) != TAGS[i]) {
        return false;
      }
    }
    return true;
  }

  /** CRC-32C of what never changes after the producer. Leaves position and limit as they were. */
  public static int computeCrc(ByteBuffer b, int at, int length) {
    CRC32C crc = new CRC32C();
    crc.update(b.slice(at + CRC_START, length - CRC_START));
    return (int) crc.getValue();
  }
}
