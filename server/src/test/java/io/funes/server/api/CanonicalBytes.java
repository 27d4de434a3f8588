package io.funes.server.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnknownFieldSet;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.RecordBatch;
import io.funes.proto.v1.Topic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** The canonical form as record.proto describes it, written a second time to check the broker's. */
final class CanonicalBytes {
  private CanonicalBytes() {}

  /** Twelve fixed fields in order, zeros included, then the body. */
  static byte[] of(RecordBatch batch) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
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
      if (batch.hasRecords()) {
        out.writeMessage(13, batch.getRecords());
      } else {
        out.writeBytes(14, batch.getCompressedRecords());
      }
      out.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** CRC-32C from the tag of {@code attributes} on. */
  static int crc(RecordBatch batch) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.wrap(of(batch)).position(28));
    return (int) crc.getValue();
  }

  /** The batch with its checksum. */
  static RecordBatch.Builder canonical(RecordBatch batch) {
    return batch.toBuilder().setCrc32C(crc(batch));
  }

  /** What a segment file with these batches holds. */
  static byte[] entries(List<RecordBatch> batches) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      for (RecordBatch batch : batches) {
        out.writeByteArray(1, of(batch));
      }
      out.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] file(Path folder, Topic topic) {
    try (Stream<Path> files = Files.walk(folder)) {
      Path file =
          files
              .filter(path -> path.toString().contains(topic.getId()))
              .filter(path -> path.toString().endsWith(".log"))
              .findFirst()
              .orElseThrow();
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A request whose batch is these bytes, as another protobuf implementation might write them. */
  static ProduceRequest.Builder produce(String topic, ByteString batch) {
    return ProduceRequest.newBuilder()
        .setTopic(topic)
        .setPartition(0)
        .setUnknownFields(
            UnknownFieldSet.newBuilder()
                .addField(2, UnknownFieldSet.Field.newBuilder().addLengthDelimited(batch).build())
                .build());
  }
}
