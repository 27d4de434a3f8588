package io.funes.server.log;

import io.funes.server.record.BatchLayout;
import io.funes.server.record.Codec;
import io.funes.server.record.Compression;
import io.funes.server.record.Varint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Looks for a time among the records of a batch. */
final class RecordTimes {
  private static final int TIMESTAMP = 0x20;
  private static final int OFFSET_DELTA = 0x28;

  private RecordTimes() {}

  /** The first record of the batch with this timestamp or a later one. */
  static Optional<TimedOffset> firstAtOrAfter(BatchCursor cursor, long timestampMs)
      throws IOException {
    ByteBuffer header = cursor.header();
    long baseOffset = cursor.baseOffset();
    long appendTimeMs = BatchLayout.appendTimeMs(header, cursor.at());
    if (appendTimeMs != 0) {
      return appendTimeMs >= timestampMs
          ? Optional.of(new TimedOffset(baseOffset, appendTimeMs))
          : Optional.empty();
    }
    try {
      ByteBuffer body = body(cursor.batch());
      long baseTimestampMs = BatchLayout.baseTimestampMs(header, cursor.at());
      return search(body, baseOffset, baseTimestampMs, timestampMs);
    } catch (RuntimeException e) {
      // Out of bounds, or refused by a decompressor.
      CorruptBatch corrupt = cursor.corrupt("the body is damaged");
      corrupt.initCause(e);
      throw corrupt;
    }
  }

  private static ByteBuffer body(ByteBuffer batch) {
    int sizeAt = BatchLayout.HEADER_BYTES + 1;
    int bodyAt = sizeAt + Varint.length(batch, sizeAt, batch.limit());
    int codec = BatchLayout.attributes(batch, 0) & BatchLayout.CODEC_MASK;
    if (codec == 0) {
      return batch.slice(bodyAt, batch.limit() - bodyAt);
    }
    // Its decompressed size was bounded when it was produced.
    return ByteBuffer.wrap(
        Compression.decompress(
            Codec.of(codec), batch, bodyAt, batch.limit() - bodyAt, Integer.MAX_VALUE - 8));
  }

  private static Optional<TimedOffset> search(
      ByteBuffer body, long baseOffset, long baseTimestampMs, long wantedMs) {
    int at = 0;
    for (int i = 0; at < body.limit(); i++) {
      int size = Varint.length(body, at + 1, body.limit());
      int recordAt = at + 1 + size;
      int end = recordAt + (int) Varint.read(body, at + 1, size);
      long timestampMs = field(body, recordAt, end, TIMESTAMP, baseTimestampMs);
      if (timestampMs >= wantedMs) {
        long delta = field(body, recordAt, end, OFFSET_DELTA, i);
        return Optional.of(new TimedOffset(baseOffset + delta, timestampMs));
      }
      at = end;
    }
    return Optional.empty();
  }

  /** The number in a record's field, or {@code absent}. */
  private static long field(ByteBuffer body, int from, int end, int tag, long absent) {
    int at = from;
    while (at < end) {
      int size = Varint.length(body, at + 1, end);
      long number = Varint.read(body, at + 1, size);
      if (body.get(at) == tag) {
        return number;
      }
      boolean delimited = (body.get(at) & 7) == 2;
      at += 1 + size + (delimited ? (int) number : 0);
    }
    return absent;
  }
}
