package io.funes.server.log;

import io.funes.server.record.BatchLayout;
import java.io.IOException;
import java.util.Optional;

/** Walks a segment to learn from the log itself what its index should say. */
final class SegmentScan {
  private SegmentScan() {}

  /** What else to look at in a batch; refuses it by throwing {@link CorruptBatch}. */
  interface Visitor {
    void visit(BatchCursor batch) throws IOException;
  }

  /** The index of all good batches, and what is wrong with the first that is not. */
  record Result(SegmentIndex index, Optional<CorruptBatch> damage) {}

  /** The index of the batches that end within {@code endBytes}, by their headers alone. */
  static Result index(LogSegment segment, int endBytes) throws IOException {
    return run(segment, new SegmentIndex(), 0, endBytes, batch -> {});
  }

  /**
   * The index of the batches in front of {@code endBytes}, where one begins: what {@code known}
   * tells of them, and a walk over the last few.
   */
  static SegmentIndex cut(LogSegment segment, SegmentIndex known, int endBytes) throws IOException {
    SegmentIndex index = known.cutTo(endBytes);
    return run(segment, index, index.logBytes(), endBytes, batch -> {}).index;
  }

  /**
   * Walks from the batch at {@code from} to {@code endBytes}, adds to the index what it does not
   * know, and stops at the first batch that is damaged or does not continue the one before.
   */
  static Result run(LogSegment segment, SegmentIndex index, int from, int endBytes, Visitor visitor)
      throws IOException {
    BatchCursor cursor = new BatchCursor(segment.file());
    try {
      boolean found = cursor.moveTo(from, endBytes);
      long expected = segment.baseOffset();
      if (from == index.logBytes()) {
        expected += index.nextOffset();
      } else if (from > 0 && found) {
        expected = cursor.baseOffset();
      }
      while (found) {
        checkOffsets(segment, cursor, expected);
        visitor.visit(cursor);
        if (cursor.position() == index.logBytes()) {
          add(segment, index, cursor);
        }
        expected = cursor.lastOffset() + 1;
        found = cursor.next(endBytes);
      }
      return new Result(index, Optional.empty());
    } catch (CorruptBatch e) {
      boolean known = cursor.position() < index.logBytes();
      SegmentIndex good = known ? index(segment, cursor.position()).index : index;
      return new Result(good, Optional.of(e));
    }
  }

  private static void checkOffsets(LogSegment segment, BatchCursor batch, long expected)
      throws CorruptBatch {
    if (batch.baseOffset() != expected) {
      throw batch.corrupt("offset %d where %d follows".formatted(batch.baseOffset(), expected));
    }
    if (batch.lastOffset() - segment.baseOffset() >= Integer.MAX_VALUE) {
      throw batch.corrupt("offset %d is out of the segment".formatted(batch.lastOffset()));
    }
  }

  private static void add(LogSegment segment, SegmentIndex index, BatchCursor batch) {
    if (index.logBytes() == 0) {
      index.firstAppendMs(BatchLayout.appendTimeMs(batch.header(), batch.at()));
    }
    index.add(
        batch.endPosition() - batch.position(),
        (int) (batch.baseOffset() - segment.baseOffset()),
        (int) (batch.lastOffset() - segment.baseOffset()),
        batch.maxTimestampMs(),
        batch.compressed(),
        segment.indexIntervalBytes());
  }
}
