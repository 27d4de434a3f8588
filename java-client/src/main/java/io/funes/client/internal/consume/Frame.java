package io.funes.client.internal.consume;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.funes.client.TopicPartition;
import io.funes.proto.v1.Drain;
import io.funes.proto.v1.Heartbeat;
import io.funes.proto.v1.PartitionBatches;
import io.funes.proto.v1.ReadPosition;
import io.funes.proto.v1.ReadResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * One received message of a {@code Read} stream, in an array of the pool. Only its envelope is
 * decoded; batches are known by where they begin and end. Made on the I/O thread, then owned by the
 * consumer's thread.
 */
public final class Frame {
  private static final int[] NONE = {};

  private final byte[] buffer;
  private TopicPartition partition;
  private long logStartOffset;
  private long highWatermark;
  private long startOffset;
  private long nextOffset;
  private long creditBytes;
  private int[] bounds = NONE;
  private int batches;
  private List<ReadPosition> positions = List.of();

  private Frame(byte[] buffer) {
    this.buffer = buffer;
  }

  static Frame parse(byte[] buffer, int length) throws IOException {
    Frame frame = new Frame(buffer);
    CodedInputStream in = CodedInputStream.newInstance(buffer, 0, length);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case ReadResponse.BATCHES_FIELD_NUMBER -> frame.parseBatches(in);
        case ReadResponse.HEARTBEAT_FIELD_NUMBER ->
            frame.positions = Heartbeat.parseFrom(in.readByteArray()).getPositionsList();
        case ReadResponse.DRAIN_FIELD_NUMBER ->
            frame.positions = Drain.parseFrom(in.readByteArray()).getPositionsList();
        default -> in.skipField(tag);
      }
    }
    return frame;
  }

  private void parseBatches(CodedInputStream in) throws IOException {
    int outer = in.pushLimit(in.readRawVarint32());
    String topic = "";
    int number = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case PartitionBatches.BATCHES_FIELD_NUMBER -> skipBatch(in);
        case PartitionBatches.TOPIC_FIELD_NUMBER -> topic = in.readString();
        case PartitionBatches.PARTITION_FIELD_NUMBER -> number = in.readInt32();
        case PartitionBatches.LOG_START_OFFSET_FIELD_NUMBER -> logStartOffset = in.readInt64();
        case PartitionBatches.HIGH_WATERMARK_FIELD_NUMBER -> highWatermark = in.readInt64();
        case PartitionBatches.START_OFFSET_FIELD_NUMBER -> startOffset = in.readInt64();
        case PartitionBatches.NEXT_OFFSET_FIELD_NUMBER -> nextOffset = in.readInt64();
        default -> in.skipField(tag);
      }
    }
    in.popLimit(outer);
    if (number < 0) {
      throw new InvalidProtocolBufferException("partition " + number);
    }
    partition = new TopicPartition(topic, number);
  }

  private void skipBatch(CodedInputStream in) throws IOException {
    int before = in.getTotalBytesRead();
    int length = in.readRawVarint32();
    int start = in.getTotalBytesRead();
    in.skipRawBytes(length);
    if (2 * batches == bounds.length) {
      bounds = Arrays.copyOf(bounds, Math.max(4, 2 * bounds.length));
    }
    bounds[2 * batches] = start;
    bounds[2 * batches + 1] = start + length;
    batches++;
    // As in a log file: tag, length, batch.
    creditBytes += 1 + (start - before) + length;
  }

  /** The message as it came; the batches stand in it. */
  public byte[] buffer() {
    return buffer;
  }

  /** Null for frames that only say where the stream stands. */
  public TopicPartition partition() {
    return partition;
  }

  public int batches() {
    return batches;
  }

  public int batchStart(int index) {
    return bounds[2 * index];
  }

  public int batchEnd(int index) {
    return bounds[2 * index + 1];
  }

  long logStartOffset() {
    return logStartOffset;
  }

  long highWatermark() {
    return highWatermark;
  }

  public long startOffset() {
    return startOffset;
  }

  public long nextOffset() {
    return nextOffset;
  }

  /** What the batches cost the stream's credits. */
  long creditBytes() {
    return creditBytes;
  }

  /** Of heartbeats and drains. */
  List<ReadPosition> positions() {
    return positions;
  }
}
