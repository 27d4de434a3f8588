package io.funes.client;

import com.google.protobuf.CodedOutputStream;
import io.funes.client.internal.record.BatchFormat;
import io.funes.proto.v1.Record;
import io.funes.proto.v1.RecordBatch;
import io.funes.proto.v1.Records;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Batches made with the generated classes, byte for byte as the proto file says. */
final class FakeBatches {
  private FakeBatches() {}

  /** The canonical bytes: all header fields in order, zeros included, then the body. */
  static byte[] canonical(RecordBatch batch) {
    try {
      byte[] body =
          batch.hasRecords()
              ? batch.getRecords().toByteArray()
              : batch.getCompressedRecords().toByteArray();
      byte[] bytes =
          new byte[81 + CodedOutputStream.computeUInt32SizeNoTag(body.length) + body.length];
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      out.writeSFixed64(1, batch.getBaseOffset());
      out.writeSFixed32(2, batch.getLeaderEpoch());
      out.writeSFixed64(3, batch.getAppendTimeMs());
      out.writeFixed32(4, batch.getCrc32C());
      out.writeSFixed32(5, batch.getAttributes());
      out.writeSFixed32(6, batch.getRecordCount());
      out.writeSFixed32(7, batch.getLastOffsetDelta());
      out.writeSFixed64(8, batch.getBaseTimestampMs());
      out.writeSFixed64(9, batch.getMaxTimestampMs());
      out.writeSFixed64(10, batch.getProducerId());
      out.writeSFixed32(11, batch.getProducerEpoch());
      out.writeSFixed32(12, batch.getBaseSequence());
      out.writeByteArray(batch.hasRecords() ? 13 : 14, body);
      out.checkNoSpaceLeft();
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static RecordBatch withCrc(RecordBatch batch) {
    byte[] canonical = canonical(batch);
    return batch.toBuilder().setCrc32C(BatchFormat.crc(canonical, 0, canonical.length)).build();
  }

  /** A batch of these records, without producer. */
  static RecordBatch of(long timestampMs, List<Record> records) {
    return withCrc(
        RecordBatch.newBuilder()
            .setRecordCount(records.size())
            .setLastOffsetDelta(records.size() - 1)
            .setBaseTimestampMs(timestampMs)
            .setMaxTimestampMs(timestampMs)
            .setRecords(Records.newBuilder().addAllRecords(records))
            .build());
  }
}
