package io.funes.client.internal.record;

import java.util.zip.CRC32C;

/**
 * The canonical bytes of a {@code RecordBatch}: 80 bytes of fixed-width header, the body's tag and
 * length, the body. All positions count from the batch's first byte; numbers are little-endian. The
 * proto file is the reference.
 */
public final class BatchFormat {
  public static final int HEADER_BYTES = 80;
  public static final int BASE_OFFSET = 1;
  public static final int APPEND_TIME = 15;
  public static final int CRC = 24;
  static final int CHECKED_FROM = 28;
  public static final int ATTRIBUTES = 29;
  public static final int RECORD_COUNT = 34;
  public static final int LAST_OFFSET_DELTA = 39;
  public static final int BASE_TIMESTAMP = 44;

  public static final int CODEC_MASK = 7;
  public static final int CONTROL = 1 << 5;

  public static final byte RECORDS_TAG = 13 << 3 | 2;
  public static final byte COMPRESSED_TAG = 14 << 3 | 2;

  private static final int FIXED64 = 1;
  private static final int FIXED32 = 5;

  /** Tag positions and tags of the header, in order. */
  private static final int[][] TAGS = {
    {0, 1 << 3 | FIXED64},
    {9, 2 << 3 | FIXED32},
    {14, 3 << 3 | FIXED64},
    {23, 4 << 3 | FIXED32},
    {28, 5 << 3 | FIXED32},
    {33, 6 << 3 | FIXED32},
    {38, 7 << 3 | FIXED32},
    {43, 8 << 3 | FIXED64},
    {52, 9 << 3 | FIXED64},
    {61, 10 << 3 | FIXED64},
    {70, 11 << 3 | FIXED32},
    {75, 12 << 3 | FIXED32},
  };

  private BatchFormat() {}

  /** What a producer says about a batch. */
  public record Header(
      int attributes,
      int recordCount,
      long baseTimestampMs,
      long maxTimestampMs,
      long producerId,
      int producerEpoch,
      int baseSequence) {}

  /**
   * Writes the header at this place of the array; the batch ends at {@code end}, and its body must
   * stand already.
   */
  public static void writeHeader(byte[] target, int at, int end, Header header) {
    int p = Bytes.put(target, at, TAGS[0][1], 0L);
    p = Bytes.put(target, p, TAGS[1][1], 0);
    p = Bytes.put(target, p, TAGS[2][1], 0L);
    p = Bytes.put(target, p, TAGS[3][1], 0);
    p = Bytes.put(target, p, TAGS[4][1], header.attributes);
    p = Bytes.put(target, p, TAGS[5][1], header.recordCount);
    p = Bytes.put(target, p, TAGS[6][1], header.recordCount - 1);
    p = Bytes.put(target, p, TAGS[7][1], header.baseTimestampMs);
    p = Bytes.put(target, p, TAGS[8][1], header.maxTimestampMs);
    p = Bytes.put(target, p, TAGS[9][1], header.producerId);
    p = Bytes.put(target, p, TAGS[10][1], header.producerEpoch);
    Bytes.put(target, p, TAGS[11][1], header.baseSequence);
    Bytes.put(target, at + CRC - 1, TAGS[3][1], crc(target, at, end));
  }

  public static int crc(byte[] source, int at, int end) {
    CRC32C crc = new CRC32C();
    crc.update(source, at + CHECKED_FROM, end - at - CHECKED_FROM);
    return (int) crc.getValue();
  }

  /** Whether all fields stand where they belong. */
  public static boolean isCanonical(byte[] source, int at, int end) {
    if (end - at <= HEADER_BYTES) {
      return false;
    }
    for (int[] tag : TAGS) {
      if (source[at + tag[0]] != tag[1]) {
        return false;
      }
    }
    return source[at + HEADER_BYTES] == RECORDS_TAG || source[at + HEADER_BYTES] == COMPRESSED_TAG;
  }
}
