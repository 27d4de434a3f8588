package io.funes.server.routing;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.funes.proto.v1.Drain;
import io.funes.proto.v1.Heartbeat;
import io.funes.proto.v1.PartitionBatches;
import io.funes.proto.v1.ReadPosition;
import io.funes.proto.v1.ReadResponse;
import io.funes.proto.v1.RecordBatch;
import java.io.IOException;
import java.util.List;

/**
 * A frame of a leader's {@code Read}, to be passed on as it stands.
 *
 * @param bytes of its batches, as credits count them
 * @param positions of its partition; for heartbeats and drains, of all partitions of the stream
 */
public record RemoteFrame(
    ByteString message, Kind kind, int records, long bytes, List<ReadPosition> positions) {
  /** What a frame brings. */
  public enum Kind {
    BATCHES,
    HEARTBEAT,
    DRAIN
  }

  static RemoteFrame parse(ByteString message) {
    try {
      CodedInputStream in = message.newCodedInput();
      return switch (WireFormat.getTagFieldNumber(in.readTag())) {
        case ReadResponse.BATCHES_FIELD_NUMBER -> batches(message, in);
        case ReadResponse.DRAIN_FIELD_NUMBER ->
            said(message, Kind.DRAIN, Drain.parseFrom(in.readByteArray()).getPositionsList());
        default ->
            said(
                message,
                Kind.HEARTBEAT,
                Heartbeat.parseFrom(in.readByteArray()).getPositionsList());
      };
    } catch (IOException e) {
      throw new IllegalStateException("a leader's frame cannot be read", e);
    }
  }

  private static RemoteFrame said(ByteString message, Kind kind, List<ReadPosition> positions) {
    return new RemoteFrame(message, kind, 0, 0, positions);
  }

  private static RemoteFrame batches(ByteString message, CodedInputStream in) throws IOException {
    in.pushLimit(in.readRawVarint32());
    ReadPosition.Builder position = ReadPosition.newBuilder();
    int records = 0;
    long bytes = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int at = in.getTotalBytesRead() - 1;
      switch (WireFormat.getTagFieldNumber(tag)) {
        case PartitionBatches.BATCHES_FIELD_NUMBER -> {
          records += records(in);
          bytes += in.getTotalBytesRead() - at;
        }
        case PartitionBatches.TOPIC_FIELD_NUMBER -> position.setTopic(in.readString());
        case PartitionBatches.PARTITION_FIELD_NUMBER -> position.setPartition(in.readInt32());
        case PartitionBatches.HIGH_WATERMARK_FIELD_NUMBER ->
            position.setHighWatermark(in.readInt64());
        case PartitionBatches.NEXT_OFFSET_FIELD_NUMBER -> position.setNextOffset(in.readInt64());
        default -> in.skipField(tag);
      }
    }
    return new RemoteFrame(message, Kind.BATCHES, records, bytes, List.of(position.build()));
  }

  /** The count in a batch's header; its records are skipped. */
  private static int records(CodedInputStream in) throws IOException {
    int outer = in.pushLimit(in.readRawVarint32());
    int records = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == RecordBatch.RECORD_COUNT_FIELD_NUMBER) {
        records = in.readFixed32();
      } else {
        in.skipField(tag);
      }
    }
    in.popLimit(outer);
    return records;
  }
}
