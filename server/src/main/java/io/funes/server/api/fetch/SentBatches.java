package io.funes.server.api.fetch;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.funes.proto.v1.PartitionBatches;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A {@code PartitionBatches} about to be sent: the batches as a slice of the segment file, which is
 * field 1 as it stands, and behind it the small fields.
 */
record SentBatches(Batches batches, int records, ByteString fields) {
  /** Bytes of whole entries. */
  interface Batches {
    int length();

    void transferTo(OutputStream out) throws IOException;
  }

  static SentBatches of(
      String topic,
      int partition,
      long logStartOffset,
      long highWatermark,
      long startOffset,
      SliceCodecs.ReadableBatches readable) {
    PartitionBatches fields =
        PartitionBatches.newBuilder()
            .setTopic(topic)
            .setPartition(partition)
            .setLogStartOffset(logStartOffset)
            .setHighWatermark(highWatermark)
            .setStartOffset(startOffset)
            .setNextOffset(readable.nextOffset())
            .build();
    return new SentBatches(readable.batches(), readable.records(), fields.toByteString());
  }

  /** Size as a length-delimited field of number 1. */
  int fieldSize() {
    int length = length();
    return 1 + CodedOutputStream.computeUInt32SizeNoTag(length) + length;
  }

  /** Writes this as a length-delimited field of number 1, which it is in both replies. */
  void writeField(OutputStream out) throws IOException {
    byte[] prefix = new byte[1 + CodedOutputStream.computeUInt32SizeNoTag(length())];
    CodedOutputStream coded = CodedOutputStream.newInstance(prefix);
    coded.writeTag(1, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    coded.writeUInt32NoTag(length());
    out.write(prefix);
    batches.transferTo(out);
    fields.writeTo(out);
  }

  private int length() {
    return batches.length() + fields.size();
  }

  /** Bytes held in memory, for batches that had to be decompressed. */
  record Held(ByteString bytes) implements Batches {
    @Override
    public int length() {
      return bytes.size();
    }

    @Override
    public void transferTo(OutputStream out) throws IOException {
      bytes.writeTo(out);
    }
  }
}
