package io.funes.server.log;

import java.util.Arrays;

/**
 * What is known of a segment without reading it: a fold over its batches. Sparse: one entry for
 * every so many bytes of log. Offsets are kept relative to the segment's base offset.
 *
 * <p>Its own lock guards it: one thread adds, any thread looks up.
 */
final class SegmentIndex {
  private static final int ENTRIES_FIRST = 16;

  // Batches at positions[i] begin with relative offset offsets[i].
  private int[] offsets;
  private int[] positions;
  private int count;

  // No batch up to and including the one at timeOffsets[i] has a timestamp above timestamps[i].
  private long[] timestamps;
  private int[] timeOffsets;
  private int timeCount;

  private int logBytes;
  private int nextOffset;
  private long maxTimestampMs = Long.MIN_VALUE;
  private boolean somePlain;
  private boolean someCompressed;
  private long firstAppendMs;

  SegmentIndex() {
    this(new int[ENTRIES_FIRST], new int[ENTRIES_FIRST], 0, new long[0], new int[0], 0);
  }

  private SegmentIndex(
      int[] offsets,
      int[] positions,
      int count,
      long[] timestamps,
      int[] timeOffsets,
      int timeCount) {
    this.offsets = offsets;
    this.positions = positions;
    this.count = count;
    this.timestamps = timestamps;
    this.timeOffsets = timeOffsets;
    this.timeCount = timeCount;
  }

  /** All of an index at one moment, as its files hold it. */
  record Image(
      int logBytes,
      int nextOffset,
      long maxTimestampMs,
      boolean somePlain,
      boolean someCompressed,
      long firstAppendMs,
      Entries entries) {}

  /** The arrays of an {@link Image}, each as long as it is filled. */
  @SuppressWarnings("ArrayRecordComponent") // read once, by the code that writes the files
  record Entries(int[] offsets, int[] positions, long[] timestamps, int[] timeOffsets) {}

  static SegmentIndex of(Image image) {
    Entries e = image.entries;
    SegmentIndex index =
        new SegmentIndex(
            e.offsets,
            e.positions,
            e.offsets.length,
            e.timestamps,
            e.timeOffsets,
            e.timestamps.length);
    index.logBytes = image.logBytes;
    index.nextOffset = image.nextOffset;
    index.maxTimestampMs = image.maxTimestampMs;
    index.somePlain = image.somePlain;
    index.someCompressed = image.someCompressed;
    index.firstAppendMs = image.firstAppendMs;
    return index;
  }

  synchronized Image image() {
    return new Image(
        logBytes,
        nextOffset,
        maxTimestampMs,
        somePlain,
        someCompressed,
        firstAppendMs,
        new Entries(
            Arrays.copyOf(offsets, count),
            Arrays.copyOf(positions, count),
            Arrays.copyOf(timestamps, timeCount),
            Arrays.copyOf(timeOffsets, timeCount)));
  }

  /** Takes over the batch that follows the last one, at position {@link #logBytes}. */
  synchronized void add(
      int entryBytes,
      int firstOffset,
      int lastOffset,
      long batchMaxTimestampMs,
      boolean compressed,
      int intervalBytes) {
    maxTimestampMs = Math.max(maxTimestampMs, batchMaxTimestampMs);
    int lastIndexed = count == 0 ? 0 : positions[count - 1];
    // The batch at 0 needs no entry, except that times have to begin somewhere.
    if (logBytes - lastIndexed >= intervalBytes) {
      addEntry(firstOffset);
    }
    if (logBytes == 0 || (count > 0 && positions[count - 1] == logBytes)) {
      addTime(firstOffset);
    }
    logBytes += entryBytes;
    nextOffset = lastOffset + 1;
    somePlain |= !compressed;
    someCompressed |= compressed;
  }

  private void addEntry(int firstOffset) {
    if (count == offsets.length) {
      int capacity = Math.max(ENTRIES_FIRST, 2 * count);
      offsets = Arrays.copyOf(offsets, capacity);
      positions = Arrays.copyOf(positions, capacity);
    }
    offsets[count] = firstOffset;
    positions[count] = logBytes;
    count++;
  }

  private void addTime(int firstOffset) {
    if (timeCount > 0 && timestamps[timeCount - 1] >= maxTimestampMs) {
      return;
    }
    if (timeCount == timestamps.length) {
      int capacity = Math.max(ENTRIES_FIRST, 2 * timeCount);
      timestamps = Arrays.copyOf(timestamps, capacity);
      timeOffsets = Arrays.copyOf(timeOffsets, capacity);
    }
    timestamps[timeCount] = maxTimestampMs;
    timeOffsets[timeCount] = firstOffset;
    timeCount++;
  }

  /**
   * What is known up to the last entry below {@code position}, to be gone on with from there. The
   * largest timestamp is the one noted at that entry: its batch, which comes next, is in it
   * already. Whether batches have a codec is known of the whole only.
   */
  synchronized SegmentIndex cutTo(int position) {
    int kept = floor(Arrays.binarySearch(positions, 0, count, position - 1)) + 1;
    if (kept == 0) {
      return new SegmentIndex();
    }
    int next = offsets[kept - 1];
    int times = floor(Arrays.binarySearch(timeOffsets, 0, timeCount, next)) + 1;
    Entries entries =
        new Entries(
            Arrays.copyOf(offsets, kept),
            Arrays.copyOf(positions, kept),
            Arrays.copyOf(timestamps, times),
            Arrays.copyOf(timeOffsets, times));
    return of(
        new Image(
            positions[kept - 1],
            next,
            timestamps[times - 1],
            somePlain,
            someCompressed,
            firstAppendMs,
            entries));
  }

  /** Position of a batch from which the one with {@code offset} is found by walking on. */
  synchronized int positionAtOrBefore(int offset) {
    int slot = floor(Arrays.binarySearch(offsets, 0, count, offset));
    return slot < 0 ? 0 : positions[slot];
  }

  /** The largest known position of a batch that is not above {@code position}. */
  synchronized int batchAtOrBefore(int position) {
    int slot = floor(Arrays.binarySearch(positions, 0, count, position));
    return slot < 0 ? 0 : positions[slot];
  }

  /** Offset of a batch before which no record has {@code timestampMs} or a later time. */
  synchronized int offsetBefore(long timestampMs) {
    int slot = Arrays.binarySearch(timestamps, 0, timeCount, timestampMs);
    int below = slot >= 0 ? slot - 1 : -slot - 2;
    return below < 0 ? 0 : timeOffsets[below];
  }

  /** Slot of the key or of the largest one below it, from the answer of a binary search. */
  private static int floor(int found) {
    return found >= 0 ? found : -found - 2;
  }

  /** Bytes of the log file that the index knows. */
  synchronized int logBytes() {
    return logBytes;
  }

  /** Relative offset after the last batch. */
  synchronized int nextOffset() {
    return nextOffset;
  }

  /** {@link Long#MIN_VALUE} while there is no batch. */
  synchronized long maxTimestampMs() {
    return maxTimestampMs;
  }

  /** Whether a batch may be without a codec. */
  synchronized boolean somePlain() {
    return somePlain;
  }

  /** Whether a batch may have a codec. */
  synchronized boolean someCompressed() {
    return someCompressed;
  }

  /** When the first batch was appended, 0 while there is none. */
  synchronized long firstAppendMs() {
    return firstAppendMs;
  }

  synchronized void firstAppendMs(long epochMs) {
    firstAppendMs = epochMs;
  }
}
