package io.funes.cli.log;

import io.funes.cli.log.SegmentReader.Batch;
import io.funes.server.record.BatchLayout;
import io.funes.server.record.Codec;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** How the header of a batch is shown. */
final class BatchText {
  private BatchText() {}

  static String line(Batch batch) {
    ByteBuffer b = batch.bytes();
    StringBuilder line = new StringBuilder();
    line.append(
        "at %d: offsets %d..%d, %d records, %s, %d bytes"
            .formatted(
                batch.position(),
                BatchLayout.baseOffset(b, 0),
                BatchLayout.lastOffset(b, 0),
                BatchLayout.recordCount(b, 0),
                Instant.ofEpochMilli(BatchLayout.effectiveMaxTimestampMs(b, 0)),
                batch.length()));
    if (BatchLayout.compressed(b, 0)) {
      line.append(", ").append(codec(b));
    }
    if (BatchLayout.producerId(b, 0) != 0) {
      line.append(
          ", producer %d epoch %d sequence %d"
              .formatted(
                  BatchLayout.producerId(b, 0),
                  BatchLayout.producerEpoch(b, 0),
                  BatchLayout.baseSequence(b, 0)));
    }
    if (has(b, BatchLayout.TRANSACTIONAL)) {
      line.append(", transactional");
    }
    if (has(b, BatchLayout.CONTROL)) {
      line.append(", control");
    }
    line.append(", leader epoch ").append(BatchLayout.leaderEpoch(b, 0));
    return line.append(batch.crcMatches() ? ", crc ok" : ", CRC MISMATCH").toString();
  }

  static Map<String, Object> fields(String file, Batch batch) {
    ByteBuffer b = batch.bytes();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("file", file);
    fields.put("position", batch.position());
    fields.put("bytes", batch.length());
    fields.put("base_offset", BatchLayout.baseOffset(b, 0));
    fields.put("last_offset", BatchLayout.lastOffset(b, 0));
    fields.put("record_count", BatchLayout.recordCount(b, 0));
    fields.put("leader_epoch", BatchLayout.leaderEpoch(b, 0));
    fields.put("append_time_ms", BatchLayout.appendTimeMs(b, 0));
    fields.put("base_timestamp_ms", BatchLayout.baseTimestampMs(b, 0));
    fields.put("max_timestamp_ms", BatchLayout.maxTimestampMs(b, 0));
    fields.put("codec", codec(b));
    fields.put("transactional", has(b, BatchLayout.TRANSACTIONAL));
    fields.put("control", has(b, BatchLayout.CONTROL));
    fields.put("producer_id", BatchLayout.producerId(b, 0));
    fields.put("producer_epoch", BatchLayout.producerEpoch(b, 0));
    fields.put("base_sequence", BatchLayout.baseSequence(b, 0));
    fields.put("crc_ok", batch.crcMatches());
    return fields;
  }

  private static boolean has(ByteBuffer b, int attribute) {
    return (BatchLayout.attributes(b, 0) & attribute) != 0;
  }

  private static String codec(ByteBuffer b) {
    int id = BatchLayout.attributes(b, 0) & BatchLayout.CODEC_MASK;
    Codec codec = Codec.of(id);
    return codec == null ? "codec " + id : codec.name().toLowerCase(Locale.ROOT);
  }
}
