package io.funes.server.log;

import io.funes.server.log.file.SegmentFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segments of a log in offset order, never empty. Changed under the log's lock, by copying;
 * readers take {@link #all} once and keep to it.
 */
final class SegmentList {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentList.class);

  private volatile LogSegment[] all;

  SegmentList(List<LogSegment> segments) {
    all = segments.toArray(LogSegment[]::new);
  }

  LogSegment[] all() {
    return all;
  }

  LogSegment first() {
    return all[0];
  }

  LogSegment active() {
    LogSegment[] current = all;
    return current[current.length - 1];
  }

  /** Index of the last segment that begins at or before {@code offset}, or 0. */
  static int indexOf(LogSegment[] segments, long offset) {
    int low = 0;
    int high = segments.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (segments[middle].baseOffset() <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  long sizeBytes() {
    long bytes = 0;
    for (LogSegment segment : all) {
      bytes += segment.sizeBytes();
    }
    return bytes;
  }

  void add(LogSegment segment) {
    LogSegment[] more = Arrays.copyOf(all, all.length + 1);
    more[all.length] = segment;
    all = more;
  }

  /** Keeps the segments in {@code [from, to)}. */
  void keep(int from, int to) {
    all = Arrays.copyOfRange(all, from, to);
  }

  /** Unlinks segments that nobody finds any more, for good, and closes them. */
  static void remove(List<LogSegment> gone, SegmentFiles files, Path folder) throws IOException {
    try {
      unlink(gone);
      files.forceFolder(folder);
    } finally {
      close(gone);
    }
  }

  /** The names go; readers that hold one go on. */
  static void unlink(List<LogSegment> segments) throws IOException {
    for (LogSegment segment : segments) {
      segment.delete();
    }
  }

  /** Closes the files as well as it can. */
  static void close(List<LogSegment> segments) {
    for (LogSegment segment : segments) {
      try {
        segment.close();
      } catch (IOException e) {
        LOG.warn("{}: not closed", segment.file().path(), e);
      }
    }
  }
}
