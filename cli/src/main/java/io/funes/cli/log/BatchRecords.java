package io.funes.cli.log;

import com.google.protobuf.InvalidProtocolBufferException;
import io.funes.cli.log.SegmentReader.Batch;
import io.funes.cli.terminal.ByteText;
import io.funes.proto.v1.Header;
import io.funes.proto.v1.Record;
import io.funes.proto.v1.Records;
import io.funes.server.common.RefusedException;
import io.funes.server.record.BatchLayout;
import io.funes.server.record.Codec;
import io.funes.server.record.Compression;
import io.funes.server.record.Varint;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The records inside a batch, as fields to print. */
final class BatchRecords {
  private static final int BODY_BYTES_MAX = 256 << 20;

  private BatchRecords() {}

  /**
   * All records of the batch.
   *
   * @throws UnreadableBodyException when the body is not what its header says
   */
  static List<Map<String, Object>> of(Batch batch) {
    ByteBuffer b = batch.bytes();
    List<Map<String, Object>> all = new ArrayList<>();
    int index = 0;
    for (Record record : body(b, batch.length()).getRecordsList()) {
      int delta = record.hasOffsetDelta() ? record.getOffsetDelta() : index;
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("offset", BatchLayout.baseOffset(b, 0) + delta);
      fields.put("timestamp_ms", timestampMs(record, b));
      ByteText.put(fields, "key", record.hasKey() ? record.getKey().toByteArray() : null);
      ByteText.put(fields, "value", record.hasValue() ? record.getValue().toByteArray() : null);
      if (record.getHeadersCount() > 0) {
        fields.put("headers", record.getHeadersList().stream().map(BatchRecords::header).toList());
      }
      all.add(fields);
      index++;
    }
    return all;
  }

  /** The body of a batch cannot be read. */
  static final class UnreadableBodyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableBodyException(String message) {
      super(message);
    }
  }

  private static Records body(ByteBuffer b, int length) {
    int lengthBytes = Varint.length(b, BatchLayout.HEADER_BYTES + 1, length);
    if (lengthBytes < 0) {
      throw new UnreadableBodyException("there is no body");
    }
    int at = BatchLayout.HEADER_BYTES + 1 + lengthBytes;
    int id = BatchLayout.attributes(b, 0) & BatchLayout.CODEC_MASK;
    try {
      if (id == 0) {
        return Records.parseFrom(b.slice(at, length - at));
      }
      Codec codec = Codec.of(id);
      if (codec == null) {
        throw new UnreadableBodyException("codec %d is not known".formatted(id));
      }
      return Records.parseFrom(Compression.decompress(codec, b, at, length - at, BODY_BYTES_MAX));
    } catch (InvalidProtocolBufferException | RefusedException e) {
      throw new UnreadableBodyException("the body cannot be read: " + e.getMessage());
    }
  }

  private static long timestampMs(Record record, ByteBuffer b) {
    long appendTimeMs = BatchLayout.appendTimeMs(b, 0);
    if (appendTimeMs != 0) {
      return appendTimeMs;
    }
    return record.hasTimestampMs() ? record.getTimestampMs() : BatchLayout.baseTimestampMs(b, 0);
  }

  private static Map<String, Object> header(Header header) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", header.getName());
    ByteText.put(fields, "value", header.hasValue() ? header.getValue().toByteArray() : null);
    return fields;
  }
}
