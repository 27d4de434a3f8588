package io.funes.client;

import io.funes.client.internal.consume.Assignment;
import io.funes.client.internal.consume.Frame;
import io.funes.client.internal.consume.Places;
import io.funes.client.internal.consume.ReadSettings;
import io.funes.client.internal.consume.Reader;
import java.util.List;

/**
 * What polls take records from: the frame received last, batch by batch. Used by the consumer's
 * thread only.
 */
final class OpenBatch {
  /** A deadline: take what is there. */
  static final long NOW = Long.MIN_VALUE;

  private final ReadSettings settings;
  private final Assignment assignment;
  private final Reader reader;
  private final Places places;
  private final BatchDecoder decoder;

  /** The frame that polls are taken from; null for none. */
  private Frame frame;

  /** Its batch to open next, and the first offset of it that was not given out yet. */
  private int nextBatch;

  private long fromOffset;

  /** The batch that polls are taken from; null for none. */
  private BatchView batch;

  /** The frame that views look at. */
  private Frame viewed;

  OpenBatch(ReadSettings settings, Assignment assignment, Reader reader, Places places) {
    this.settings = settings;
    this.assignment = assignment;
    this.reader = reader;
    this.places = places;
    decoder = new BatchDecoder(settings.checkCrc(), settings.maxBatchBytes());
  }

  /** Sees to it that a batch is open; false when none comes in time. */
  boolean await(long deadline) {
    while (batch == null) {
      if (frame != null && nextBatch == frame.batches()) {
        assignment.delivered(frame.partition(), frame.nextOffset());
        reader.free(frame);
        frame = null;
      }
      if (frame == null && !receive(deadline)) {
        return false;
      }
      if (nextBatch < frame.batches()) {
        batch = decoder.open(frame, nextBatch, fromOffset);
        nextBatch++;
      }
    }
    return true;
  }

  private boolean receive(long deadline) {
    try {
      return receiveNext(deadline);
    } catch (TopicRecreatedException e) {
      assignment.replaced(e.topic());
      throw e;
    }
  }

  private boolean receiveNext(long deadline) {
    while (true) {
      long left = deadline == NOW ? 0 : deadline - settings.ticker().nanos();
      if (!places.prepare(left)) {
        return false;
      }
      try {
        frame = reader.next(left);
        nextBatch = 0;
        fromOffset = frame == null ? 0 : frame.startOffset();
        return frame != null;
      } catch (OffsetOutOfRangeException e) {
        places.reset(e);
      }
    }
  }

  /** Copies records of the open batch, and closes it when there are no more. */
  void copyRecords(List<ConsumerRecord> target) {
    try {
      int room = settings.maxPollRecords() - target.size();
      while (room-- > 0) {
        if (!batch.next()) {
          fromOffset = batch.nextOffset();
          batch = null;
          break;
        }
        target.add(batch.copy());
        fromOffset = batch.offset() + 1;
      }
      assignment.delivered(frame.partition(), fromOffset);
    } catch (CorruptBatchException e) {
      assignment.delivered(frame.partition(), fromOffset);
      putBack();
      throw e;
    }
  }

  /** Gives out the open batch and the rest of its frame, which then stays until the next poll. */
  void viewBatches(List<BatchView> target) {
    TopicPartition partition = frame.partition();
    try {
      while (batch != null) {
        target.add(batch);
        fromOffset = batch.nextOffset();
        batch = null;
        while (batch == null && nextBatch < frame.batches()) {
          batch = decoder.open(frame, nextBatch, fromOffset);
          nextBatch++;
        }
      }
      fromOffset = frame.nextOffset();
      viewed = frame;
      frame = null;
    } finally {
      assignment.delivered(partition, fromOffset);
    }
  }

  /** Puts an open batch back, to be opened again behind the last record given out. */
  void putBack() {
    if (batch != null) {
      batch = null;
      nextBatch--;
    }
  }

  /** Nobody looks at the views of the last poll any more. */
  void freeViewed() {
    if (viewed != null) {
      reader.free(viewed);
      viewed = null;
    }
  }

  /** Forgets what was received. */
  void drop() {
    freeViewed();
    batch = null;
    if (frame != null) {
      reader.free(frame);
      frame = null;
    }
  }
}
