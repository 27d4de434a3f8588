package io.funes.server.log.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A file that grows at its end. One thread at a time appends or truncates; any number of threads
 * read meanwhile.
 */
public interface SegmentFile extends Closeable {
  Path path();

  /** Bytes appended and not cut. */
  long size();

  /**
   * Writes all remaining bytes at the end or, with an exception, none: a torn tail is cut off
   * again. Where that fails too, the exception says so and the file must not be appended to any
   * more.
   */
  void append(ByteBuffer bytes) throws IOException;

  /**
   * Fills {@code target} from {@code position} on, until it is full or the file ends; bytes read.
   */
  int read(ByteBuffer target, long position) throws IOException;

  /**
   * Keeps the file readable until {@link #release}, even when it is closed meanwhile. Answers false
   * where it is closed already.
   */
  boolean hold();

  /** Gives back one {@link #hold}. */
  void release();

  /** Cuts the file to {@code size}, which is not above {@link #size()}. */
  void truncate(long size) throws IOException;

  /**
   * Returns when everything appended so far survives a loss of power. Never call it again after it
   * failed.
   */
  void force() throws IOException;
}
