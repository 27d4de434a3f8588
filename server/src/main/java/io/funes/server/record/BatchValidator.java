package io.funes.server.record;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.common.RefusedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Decides whether a canonical batch from a client may enter a log: header fields in range, CRC,
 * codec, and every record of the body. Reused by its thread.
 */
public final class BatchValidator {
  private final RecordsWalk walk = new RecordsWalk();

  /**
   * Checks the batch of {@code length} bytes at {@code at}, and computes its CRC where the client
   * gave none.
   */
  public void check(ByteBuffer b, int at, int length, BodyRules rules) {
    checkHeader(b, at);
    int crc = BatchLayout.computeCrc(b, at, length);
    int claimed = BatchLayout.crc(b, at);
    if (claimed == 0) {
      BatchLayout.setCrc(b, at, crc);
    } else if (claimed != crc) {
      throw new RefusedException(
          Refusal.of(
                  ErrorCode.CRC_MISMATCH,
                  "the batch's CRC-32C is 0x%08x, its bytes give 0x%08x: it was damaged on the way, send it again"
                      .formatted(claimed, crc))
              .with("crc32c", Integer.toHexString(claimed))
              .with("computed", Integer.toHexString(crc)));
    }
    checkBody(b, at, length, rules);
  }

  private static void checkHeader(ByteBuffer b, int at) {
    int attributes = BatchLayout.attributes(b, at);
    if ((attributes & ~BatchLayout.CODEC_MASK) != 0) {
      throw malformed(
          "attributes 0x%x hold bits that a producer must not set".formatted(attributes));
    }
    int count = BatchLayout.recordCount(b, at);
    if (count < 1 || BatchLayout.lastOffsetDelta(b, at) != count - 1) {
      throw new RefusedException(
          Refusal.of(
                  ErrorCode.RECORD_COUNT_MISMATCH,
                  "record_count is %d and last_offset_delta %d: a producer's batch has at least one record and a delta of record_count - 1"
                      .formatted(count, BatchLayout.lastOffsetDelta(b, at)))
              .with("record_count", count));
    }
    if (BatchLayout.baseTimestampMs(b, at) < 0 || BatchLayout.maxTimestampMs(b, at) < 0) {
      throw new RefusedException(
          ErrorCode.INVALID_TIMESTAMP,
          "base_timestamp_ms and max_timestamp_ms must not be negative");
    }
    if (BatchLayout.producerId(b, at) < 0
        || BatchLayout.producerEpoch(b, at) < 0
        || BatchLayout.baseSequence(b, at) < 0) {
      throw new RefusedException(
          ErrorCode.INVALID_ARGUMENT,
          "producer_id, producer_epoch and base_sequence must not be negative");
    }
  }

  private void checkBody(ByteBuffer b, int at, int length, BodyRules rules) {
    int codecId = BatchLayout.attributes(b, at) & BatchLayout.CODEC_MASK;
    Codec codec = Codec.of(codecId);
    if (codec == null) {
      throw new RefusedException(
          Refusal.of(
                  ErrorCode.INVALID_CODEC,
                  "codec %d is unknown: use 0 none, 1 gzip, 2 snappy, 3 lz4 or 4 zstd"
                      .formatted(codecId))
              .with("codec", codecId));
    }
    int tagAt = at + BatchLayout.HEADER_BYTES;
    byte expected = codec == Codec.NONE ? BatchLayout.RECORDS_TAG : BatchLayout.COMPRESSED_TAG;
    if (tagAt >= at + length || b.get(tagAt) != expected) {
      throw new RefusedException(
          Refusal.of(
                  ErrorCode.INVALID_CODEC,
                  "attributes say codec %s, so the body must be in %s"
                      .formatted(codec, codec == Codec.NONE ? "records" : "compressed_records"))
              .with("codec", codec));
    }
    int bodyAt = tagAt + 1 + Varint.length(b, tagAt + 1, at + length);
    int end = at + length;
    long baseTimestampMs = BatchLayout.baseTimestampMs(b, at);
    if (codec == Codec.NONE) {
      walk.over(b, bodyAt, end, baseTimestampMs, rules);
    } else {
      byte[] body = Compression.decompress(codec, b, bodyAt, end - bodyAt, rules.bodyBytesMax());
      ByteBuffer plain = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
      walk.over(plain, 0, body.length, baseTimestampMs, rules);
    }
    if (walk.count() != BatchLayout.recordCount(b, at)) {
      throw new RefusedException(
          Refusal.of(
                  ErrorCode.RECORD_COUNT_MISMATCH,
                  "record_count is %d, the body holds %d records"
                      .formatted(BatchLayout.recordCount(b, at), walk.count()))
              .with("record_count", BatchLayout.recordCount(b, at))
              .with("counted", walk.count()));
    }
    if (walk.maxTimestampMs() != BatchLayout.maxTimestampMs(b, at)) {
      throw new RefusedException(
          Refusal.of(
                  ErrorCode.INVALID_TIMESTAMP,
                  "max_timestamp_ms is %d, the largest of the records is %d"
                      .formatted(BatchLayout.maxTimestampMs(b, at), walk.maxTimestampMs()))
              .with("max_timestamp_ms", BatchLayout.maxTimestampMs(b, at)));
    }
  }

  static RefusedException malformed(String what) {
    return new RefusedException(ErrorCode.MALFORMED_RECORDS, "the batch is malformed: " + what);
  }
}
