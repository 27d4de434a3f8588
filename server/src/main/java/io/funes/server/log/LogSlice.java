package io.funes.server.log;

import io.funes.server.log.file.SegmentFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Whole entries that stand together in one segment file: a serialized {@code funes.v1.Segment}.
 * Nothing is read before it is asked for. Until it is closed it holds the file, which stays
 * readable even when retention deletes it.
 */
public final class LogSlice implements AutoCloseable {
  private final SegmentFile file;
  private final int position;
  private final int length;
  private final long firstOffset;
  private final long nextOffset;
  private final boolean compressed;

  LogSlice(
      SegmentFile file,
      int position,
      int length,
      long firstOffset,
      long nextOffset,
      boolean compressed) {
    this.file = file;
    this.position = position;
    this.length = length;
    this.firstOffset = firstOffset;
    this.nextOffset = nextOffset;
    this.compressed = compressed;
  }

  static LogSlice empty(long offset) {
    return new LogSlice(null, 0, 0, offset, offset, false);
  }

  /** Bytes. */
  public int length() {
    return length;
  }

  public boolean isEmpty() {
    return length == 0;
  }

  /** Base offset of the first batch, which may be below the offset that was asked for. */
  public long firstOffset() {
    return firstOffset;
  }

  /** Offset to read next. */
  public long nextOffset() {
    return nextOffset;
  }

  /** Records in the slice: its offsets have no holes. */
  public int recordCount() {
    return Math.toIntExact(nextOffset - firstOffset);
  }

  /** Whether any batch has a codec. */
  public boolean compressed() {
    return compressed;
  }

  /** Writes {@link #length} bytes, or fails having written some of them. */
  public void transferTo(OutputStream out) throws IOException {
    ReadBuffers buffers = ReadBuffers.ofThread();
    ByteBuffer chunk = buffers.chunk;
    int end = position + length;
    for (int from = position; from < end; from += chunk.limit()) {
      chunk.clear().limit(Math.min(chunk.capacity(), end - from));
      readFully(chunk, from);
      chunk.get(0, buffers.heapChunk, 0, chunk.limit());
      out.write(buffers.heapChunk, 0, chunk.limit());
    }
  }

  /** Lets go of the file. Once only. */
  @Override
  public void close() {
    if (file != null) {
      file.release();
    }
  }

  /** A copy of the bytes, little endian. */
  public ByteBuffer bytes() throws IOException {
    return bytes(ByteBuffer.allocate(length));
  }

  /** Likewise, in {@code room}, which has room for {@link #length} bytes. */
  public ByteBuffer bytes(ByteBuffer room) throws IOException {
    ByteBuffer bytes = room.clear().limit(length).order(ByteOrder.LITTLE_ENDIAN);
    if (length > 0) {
      readFully(bytes, position);
    }
    return bytes.flip();
  }

  private void readFully(ByteBuffer target, int from) throws IOException {
    if (file.read(target, from) < target.limit()) {
      throw new IOException("%s was cut while it was read".formatted(file.path()));
    }
  }
}
