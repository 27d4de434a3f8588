package io.funes.server.log;

import java.io.IOException;
import java.util.Optional;

/**
 * What readers do with a log. They take no lock: each keeps to the segments that it finds, holds
 * the one it reads, and looks again where retention or a cut was faster.
 */
final class LogReads {
  private final SegmentList segments;
  private final LogHealth health;

  LogReads(SegmentList segments, LogHealth health) {
    this.segments = segments;
    this.health = health;
  }

  /** As {@link PartitionLog#read}. */
  LogSlice slice(long offset, int bytesMax, long offsetLimit) throws IOException {
    health.requireInService();
    LogSegment[] all = segments.all();
    requirePresent(offset, all[0]);
    try {
      // More than one step where a damaged segment has left a hole.
      for (int i = SegmentList.indexOf(all, offset);
          i < all.length && all[i].baseOffset() < offsetLimit;
          i++) {
        if (!all[i].file().hold()) {
          return slice(offset, bytesMax, offsetLimit);
        }
        LogSlice slice = heldSlice(all[i], offset, bytesMax, offsetLimit);
        if (!slice.isEmpty()) {
          return slice;
        }
      }
      return LogSlice.empty(offset);
    } catch (IOException e) {
      requirePresent(offset, segments.first());
      throw health.readFailed(e);
    }
  }

  private static void requirePresent(long offset, LogSegment first) {
    if (offset < first.baseOffset()) {
      throw new OffsetGone(offset, first.baseOffset());
    }
  }

  /** Hands the hold over to the slice, and lets go where there is none. */
  private static LogSlice heldSlice(LogSegment held, long offset, int bytesMax, long offsetLimit)
      throws IOException {
    LogSlice slice = LogSlice.empty(offset);
    try {
      slice = held.view().slice(Math.max(offset, held.baseOffset()), bytesMax, offsetLimit);
      return slice;
    } finally {
      if (slice.isEmpty()) {
        held.file().release();
      }
    }
  }

  /** The first record with this timestamp or a later one. */
  Optional<TimedOffset> offsetForTime(long timestampMs) throws IOException {
    health.requireInService();
    try {
      for (LogSegment segment : segments.all()) {
        if (!segment.file().hold()) {
          return offsetForTime(timestampMs);
        }
        try {
          Optional<TimedOffset> found = segment.view().firstAtOrAfter(timestampMs);
          if (found.isPresent()) {
            return found;
          }
        } finally {
          segment.file().release();
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw health.readFailed(e);
    }
  }
}
