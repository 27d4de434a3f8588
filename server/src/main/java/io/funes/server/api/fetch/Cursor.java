package io.funes.server.api.fetch;

import io.funes.proto.v1.ReadPosition;
import io.funes.server.log.LogSlice;
import io.funes.server.replication.ReadablePartition;

/** A reader's place in one partition. Owned by its session. */
final class Cursor {
  private final String topic;
  private final ReadablePartition partition;
  private final long endOffset;
  private long nextOffset;

  Cursor(String topic, ReadablePartition partition, long nextOffset, long endOffset) {
    this.topic = topic;
    this.partition = partition;
    this.nextOffset = nextOffset;
    this.endOffset = endOffset;
  }

  ReadablePartition partition() {
    return partition;
  }

  boolean atEnd() {
    return nextOffset >= endOffset;
  }

  /** What comes next, to be closed; empty where the reader has to wait. */
  LogSlice peek(int bytesMax) {
    return partition.read(nextOffset, bytesMax, endOffset);
  }

  /** Nothing, at this place. */
  LogSlice none() {
    return partition.read(nextOffset, 0, nextOffset);
  }

  /**
   * What is sent for {@code slice} after {@code sent} bytes of the same reply; this cursor then
   * stands behind it.
   */
  SentBatches take(LogSlice slice, SliceCodecs codecs, int sent) {
    long start = nextOffset;
    long logStart = partition.logStartOffset();
    long highWatermark = partition.highWatermark();
    SliceCodecs.ReadableBatches readable = codecs.readable(slice, sent);
    if (readable.batches().length() == 0) {
      readable = new SliceCodecs.ReadableBatches(readable.batches(), 0, start);
    } else {
      // Retention, or a new leader, may have been there since; this is what the slice is of.
      logStart = Math.min(logStart, start);
      highWatermark = Math.max(highWatermark, readable.nextOffset());
    }
    nextOffset = readable.nextOffset();
    return SentBatches.of(
        topic, partition.id().partition(), logStart, highWatermark, start, readable);
  }

  ReadPosition position() {
    return ReadPosition.newBuilder()
        .setTopic(topic)
        .setPartition(partition.id().partition())
        .setNextOffset(nextOffset)
        .setHighWatermark(partition.highWatermark())
        .build();
  }
}
