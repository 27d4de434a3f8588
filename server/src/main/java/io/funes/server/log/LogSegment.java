package io.funes.server.log;

import io.funes.server.log.file.SegmentFile;
import io.funes.server.log.file.SegmentFiles;
import io.funes.server.record.BatchLayout;
import io.funes.server.record.EntryBuilder;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file of a log and its index. The active segment, the last of its log, is appended to under
 * the log's lock and keeps its index in memory. A sealed one loads it when somebody reads, and the
 * memory is given back when it is short. Readers need no lock of the log.
 */
final class LogSegment {
  private static final Logger LOG = LoggerFactory.getLogger(LogSegment.class);

  private final SegmentFiles files;
  private final Path folder;
  private final long baseOffset;
  private final int indexIntervalBytes;
  private final SegmentFile file;
  private final IndexFiles indexFiles;

  /**
   * Relative next offset (high half) and readable bytes (low half): one value, so always a pair.
   */
  private volatile long end;

  /** The index, while the segment is active or nobody has stored it since. */
  private volatile SegmentIndex index;

  /** What a reader has loaded; guarded by this. */
  private SoftReference<SegmentIndex> loaded = new SoftReference<>(null);

  // Guarded by the log's durability, as all that writes to disk but append.
  private int forcedBytes = -1;

  /** Bytes of the log that the index files describe, 0 where there are none, -1 for unknown. */
  private int storedBytes = -1;

  /** Whether the folder has been synced since a file of the log came into it. */
  private volatile boolean nameForced;

  /** Its names may be another segment's; guarded by {@link #indexFiles}. */
  private boolean deleted;

  private LogSegment(SegmentFiles files, Path folder, long baseOffset, int indexIntervalBytes)
      throws IOException {
    this.files = files;
    this.folder = folder;
    this.baseOffset = baseOffset;
    this.indexIntervalBytes = indexIntervalBytes;
    String name = SegmentNames.of(baseOffset);
    this.file = files.open(folder.resolve(name + SegmentNames.LOG));
    this.indexFiles = new IndexFiles(files, folder, name);
  }

  /** A new, empty segment. */
  static LogSegment create(SegmentFiles files, Path folder, long baseOffset, int intervalBytes)
      throws IOException {
    LogSegment segment = new LogSegment(files, folder, baseOffset, intervalBytes);
    // What an earlier life may have left here was never part of the log.
    segment.file.truncate(0);
    segment.indexFiles.delete();
    segment.adopt(new SegmentIndex());
    segment.storedBytes = 0;
    segment.forcedBytes = 0;
    return segment;
  }

  /** A segment that a checkpoint covers: taken as it is, looked at when it is read. */
  static LogSegment sealed(
      SegmentFiles files, Path folder, long baseOffset, long nextOffset, int intervalBytes)
      throws IOException {
    LogSegment segment = new LogSegment(files, folder, baseOffset, intervalBytes);
    segment.end = pair((int) (nextOffset - baseOffset), (int) segment.file.size());
    segment.forcedBytes = segment.sizeBytes();
    segment.nameForced = true;
    return segment;
  }

  /** A segment that recovery has to look at; holds nothing until {@link #adopt} is called. */
  static LogSegment unproven(SegmentFiles files, Path folder, long baseOffset, int intervalBytes)
      throws IOException {
    return new LogSegment(files, folder, baseOffset, intervalBytes);
  }

  long baseOffset() {
    return baseOffset;
  }

  long nextOffset() {
    return baseOffset + (end >>> 32);
  }

  int sizeBytes() {
    return (int) end;
  }

  SegmentFile file() {
    return file;
  }

  int indexIntervalBytes() {
    return indexIntervalBytes;
  }

  /**
   * The first entries, as many as still belong into this segment: perhaps none, where it is large
   * or old enough, or has no 31-bit offset for them. An empty segment takes any one.
   */
  ByteBuffer fitting(ByteBuffer entries, long nowMs, LogConfig config) {
    ByteBuffer fitting = entries.duplicate().order(entries.order());
    ByteBuffer rest = entries.duplicate().order(entries.order());
    while (rest.hasRemaining()) {
      ByteBuffer entry = ReplicaEntries.next(rest);
      boolean only = sizeBytes() == 0 && entry.position() == entries.position();
      if (!only && full(rest.position() - entries.position(), entry, nowMs, config)) {
        return fitting.limit(entry.position());
      }
    }
    return fitting;
  }

  private boolean full(int bytes, ByteBuffer last, long nowMs, LogConfig config) {
    long lastOffset = BatchLayout.lastOffset(last, EntryBuilder.batchAt(last));
    return (long) sizeBytes() + bytes > config.segmentBytes()
        || (sizeBytes() > 0 && nowMs - index.firstAppendMs() >= config.segmentMs())
        || lastOffset - baseOffset >= Integer.MAX_VALUE;
  }

  /** Writes entries that are complete with their offsets, all or none. Leaves the buffer alone. */
  void append(ByteBuffer entries, long nowMs) throws IOException {
    file.append(entries.duplicate());
    if (sizeBytes() == 0) {
      index.firstAppendMs(nowMs);
    }
    ByteBuffer rest = entries.duplicate().order(entries.order());
    while (rest.hasRemaining()) {
      appended(ReplicaEntries.next(rest));
    }
  }

  private void appended(ByteBuffer entry) {
    int at = EntryBuilder.batchAt(entry);
    int bytes = entry.remaining();
    int last = (int) (BatchLayout.lastOffset(entry, at) - baseOffset);
    index.add(
        bytes,
        (int) (BatchLayout.baseOffset(entry, at) - baseOffset),
        last,
        BatchLayout.effectiveMaxTimestampMs(entry, at),
        BatchLayout.compressed(entry, at),
        indexIntervalBytes);
    end = pair(last + 1, sizeBytes() + bytes);
  }

  /** What there is to read now. */
  SegmentView view() throws IOException {
    // In this order: loading an index may find the file shorter than it was thought to be.
    SegmentIndex known = index();
    long now = end;
    return new SegmentView(file, baseOffset, known, (int) now, baseOffset + (now >>> 32));
  }

  /** {@link Long#MIN_VALUE} while the segment is empty. */
  long maxTimestampMs() throws IOException {
    return index().maxTimestampMs();
  }

  private SegmentIndex index() throws IOException {
    SegmentIndex known = index;
    return known != null ? known : loadedIndex();
  }

  private synchronized SegmentIndex loadedIndex() throws IOException {
    if (index != null) {
      return index;
    }
    SegmentIndex known = loaded.get();
    if (known == null) {
      known = storedIndex().filter(this::describesFile).orElse(null);
      if (known == null) {
        known = rebuiltIndex();
      }
      loaded = new SoftReference<>(known);
    }
    return known;
  }

  /** The index in its files, whatever it describes. */
  Optional<SegmentIndex> storedIndex() throws IOException {
    return indexFiles.load();
  }

  private boolean describesFile(SegmentIndex stored) {
    return stored.logBytes() == file.size() && baseOffset + stored.nextOffset() == nextOffset();
  }

  private SegmentIndex rebuiltIndex() throws IOException {
    LOG.info("{}: building the index again", file.path());
    SegmentScan.Result found = SegmentScan.index(this, (int) file.size());
    SegmentIndex rebuilt = found.index();
    if (found.damage().isPresent() || baseOffset + rebuilt.nextOffset() != nextOffset()) {
      LOG.error(
          "{}: damaged, offsets {} to {} cannot be read",
          file.path(),
          baseOffset + rebuilt.nextOffset(),
          nextOffset() - 1,
          found.damage().orElse(null));
      end = pair(rebuilt.nextOffset(), rebuilt.logBytes());
    } else {
      storeRebuilt(rebuilt);
    }
    return rebuilt;
  }

  private void storeRebuilt(SegmentIndex rebuilt) {
    synchronized (indexFiles) {
      if (deleted) {
        return;
      }
      try {
        indexFiles.store(rebuilt);
      } catch (IOException e) {
        LOG.warn("{}: the index is not stored", file.path(), e);
      }
    }
  }

  /** Makes {@code known} the segment's index, and what it describes the segment's content. */
  void adopt(SegmentIndex known) {
    index = known;
    end = pair(known.nextOffset(), known.logBytes());
    storedBytes = -1;
    forcedBytes = -1;
  }

  /** As {@link #adopt}, of an index that its files and a checkpoint vouch for. */
  void adoptStored(SegmentIndex known) {
    adopt(known);
    storedBytes = known.logBytes();
    forcedBytes = known.logBytes();
    nameForced = true;
  }

  /** The index as it is when the log ends before the batch that holds {@code offset}. */
  SegmentIndex indexBefore(long offset) throws IOException {
    SegmentView view = view();
    return SegmentScan.cut(this, view.index(), view.positionOf(offset));
  }

  /**
   * Cuts the file where {@code known} ends. Index files that describe no more than that stay;
   * others are deleted, which it answers: they must not come back once the file has grown again,
   * nor by a reader that builds the index.
   */
  synchronized boolean cutTo(SegmentIndex known) throws IOException {
    boolean unlinked = storedBytes < 0 || storedBytes > known.logBytes();
    int stored = unlinked ? 0 : storedBytes;
    if (unlinked) {
      indexFiles.delete();
    }
    adopt(known);
    storedBytes = stored;
    file.truncate(known.logBytes());
    return unlinked;
  }

  /** Makes everything appended so far durable; answers false where it was already. */
  boolean force() throws IOException {
    int bytes = sizeBytes();
    if (bytes == forcedBytes) {
      return false;
    }
    file.force();
    if (!nameForced) {
      nameForced = true;
      files.forceFolder(folder);
      files.forceFolder(folder.toAbsolutePath().getParent());
    }
    forcedBytes = bytes;
    return true;
  }

  /** Writes the index to its files, if it has changed since it was. */
  void storeIndex() throws IOException {
    SegmentIndex known = index;
    if (known == null || known.logBytes() == storedBytes || known.logBytes() == 0) {
      return;
    }
    storedBytes = -1;
    storedBytes = indexFiles.store(known);
  }

  /** Lets go of the index of a sealed segment once it is stored; readers load it again. */
  synchronized void releaseIndex() {
    if (index != null && index.logBytes() == storedBytes) {
      loaded = new SoftReference<>(index);
      index = null;
    }
  }

  /** Unlinks the files. Readers that have the segment go on until it is closed. */
  void delete() throws IOException {
    files.delete(file.path());
    synchronized (indexFiles) {
      deleted = true;
      indexFiles.delete();
    }
  }

  void close() throws IOException {
    file.close();
  }

  private static long pair(int relativeNextOffset, int bytes) {
    return ((long) relativeNextOffset << 32) | bytes;
  }
}
