package io.funes.server.log;

import io.funes.server.log.file.SegmentFile;
import java.io.IOException;
import java.util.Optional;

/**
 * A segment at one moment, to be read. Its index may know batches that are newer than the view.
 *
 * @param bytes file bytes that may be read
 * @param nextOffset offset after the last batch in them
 */
record SegmentView(
    SegmentFile file, long baseOffset, SegmentIndex index, int bytes, long nextOffset) {

  /**
   * Whole batches from the one that holds {@code offset}, or from the next where there is none: as
   * many as fit {@code bytesMax}, but at least one, and none that reaches {@code offsetLimit}.
   */
  LogSlice slice(long offset, int bytesMax, long offsetLimit) throws IOException {
    BatchCursor cursor = new BatchCursor(file);
    if (offset >= nextOffset || !seek(cursor, offset)) {
      return LogSlice.empty(offset);
    }
    int from = cursor.position();
    long firstOffset = cursor.baseOffset();
    int to = bytes;
    long next = nextOffset;
    if (offsetLimit < nextOffset && seek(cursor, offsetLimit)) {
      to = cursor.position();
      next = cursor.baseOffset();
    }
    if (to <= from) {
      return LogSlice.empty(offset);
    }
    if (to - from > bytesMax) {
      boolean one = !seekLastFitting(cursor, from, to, from + bytesMax);
      to = one ? cursor.endPosition() : cursor.position();
      next = one ? cursor.lastOffset() + 1 : cursor.baseOffset();
    }
    return new LogSlice(file, from, to - from, firstOffset, next, anyCompressed(cursor, from, to));
  }

  /** Moves to the batch that crosses {@code bound}; false where that is the first one. */
  private boolean seekLastFitting(BatchCursor cursor, int from, int to, int bound)
      throws IOException {
    cursor.moveTo(Math.max(from, index.batchAtOrBefore(bound)), to);
    while (cursor.endPosition() <= bound) {
      cursor.next(to);
    }
    return cursor.position() > from;
  }

  private boolean anyCompressed(BatchCursor cursor, int from, int to) throws IOException {
    if (!index.someCompressed() || !index.somePlain()) {
      return index.someCompressed();
    }
    boolean found = cursor.moveTo(from, to);
    while (found && !cursor.compressed()) {
      found = cursor.next(to);
    }
    return found;
  }

  /** The first record with this timestamp or a later one. */
  Optional<TimedOffset> firstAtOrAfter(long timestampMs) throws IOException {
    if (index.maxTimestampMs() < timestampMs) {
      return Optional.empty();
    }
    BatchCursor cursor = new BatchCursor(file);
    boolean found = seek(cursor, baseOffset + index.offsetBefore(timestampMs));
    while (found) {
      if (cursor.maxTimestampMs() >= timestampMs) {
        Optional<TimedOffset> record = RecordTimes.firstAtOrAfter(cursor, timestampMs);
        if (record.isPresent()) {
          return record;
        }
      }
      found = cursor.next(bytes);
    }
    return Optional.empty();
  }

  /** Position of the first batch that ends at or after {@code offset}, or the end. */
  int positionOf(long offset) throws IOException {
    BatchCursor cursor = new BatchCursor(file);
    seek(cursor, offset);
    return cursor.position();
  }

  /** Moves to the first batch that ends at or after {@code offset}. */
  private boolean seek(BatchCursor cursor, long offset) throws IOException {
    int position = index.positionAtOrBefore((int) Math.max(0, offset - baseOffset));
    boolean found = cursor.moveTo(Math.min(position, bytes), bytes);
    while (found && cursor.lastOffset() < offset) {
      found = cursor.next(bytes);
    }
    return found;
  }
}
