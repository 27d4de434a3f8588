package io.funes.server.log;

import io.funes.server.log.file.SegmentFile;
import io.funes.server.record.BatchLayout;
import io.funes.server.record.Varint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Walks the batches of a segment by their headers. Bodies are not read unless asked for. It holds
 * its thread's header window, so a thread uses one cursor at a time.
 */
final class BatchCursor {
  /** Entry tag and length, header, body tag and length: what must be seen to know a batch. */
  private static final int HEAD_BYTES_MAX = 1 + 5 + BatchLayout.HEADER_BYTES + 1 + 5;

  private final SegmentFile file;
  private final ByteBuffer window = ReadBuffers.ofThread().window;
  private int windowStart;
  private int windowEnd;

  private int position;
  private int prefixBytes;
  private int batchBytes;
  private int at;

  BatchCursor(SegmentFile file) {
    this.file = file;
  }

  /**
   * Moves to the batch at {@code newPosition}, or answers false where that is {@code end}, the
   * number of file bytes that may be read. Refuses bytes that are not the beginning of a batch
   * which ends within them.
   */
  boolean moveTo(int newPosition, int end) throws IOException {
    position = newPosition;
    if (newPosition == end) {
      return false;
    }
    int available = Math.min(HEAD_BYTES_MAX, end - newPosition);
    if (newPosition < windowStart || newPosition + available > windowEnd) {
      fill(newPosition, end);
    }
    parse(newPosition - windowStart, available, end);
    return true;
  }

  /** Moves to the batch after this one. */
  boolean next(int end) throws IOException {
    return moveTo(endPosition(), end);
  }

  /** Index of the entry's first byte in the file. */
  int position() {
    return position;
  }

  /** Index after the entry. */
  int endPosition() {
    return position + prefixBytes + batchBytes;
  }

  /** The buffer in which the header stands at {@link #at}; its bytes change with the next move. */
  ByteBuffer header() {
    return window;
  }

  int at() {
    return at;
  }

  long baseOffset() {
    return BatchLayout.baseOffset(window, at);
  }

  long lastOffset() {
    return BatchLayout.lastOffset(window, at);
  }

  boolean compressed() {
    return BatchLayout.compressed(window, at);
  }

  long maxTimestampMs() {
    return BatchLayout.effectiveMaxTimestampMs(window, at);
  }

  /** Reads the whole batch, without the entry's tag and length, into new memory. */
  ByteBuffer batch() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(batchBytes).order(window.order());
    if (file.read(bytes, position + prefixBytes) < batchBytes) {
      throw corrupt("the file ends within the batch");
    }
    return bytes.flip();
  }

  /** Reads the batch and compares its checksum. */
  void verifyChecksum() throws IOException {
    ByteBuffer chunk = ReadBuffers.ofThread().chunk;
    CRC32C crc = new CRC32C();
    int from = position + prefixBytes + BatchLayout.CRC_START;
    for (int end = endPosition(); from < end; from += chunk.limit()) {
      chunk.clear().limit(Math.min(chunk.capacity(), end - from));
      if (file.read(chunk, from) < chunk.limit()) {
        throw corrupt("the file ends within the batch");
      }
      crc.update(chunk.flip());
    }
    if ((int) crc.getValue() != BatchLayout.crc(window, at)) {
      throw corrupt("wrong checksum");
    }
  }

  CorruptBatch corrupt(String reason) {
    return new CorruptBatch(file.path(), position, reason);
  }

  private void fill(int from, int end) throws IOException {
    window.clear().limit(Math.min(window.capacity(), end - from));
    windowStart = from;
    windowEnd = from + file.read(window, from);
    window.clear();
  }

  private void parse(int index, int available, int end) throws CorruptBatch {
    int limit = index + available;
    if (position + available > windowEnd || available < 1 + 1 + BatchLayout.HEADER_BYTES) {
      throw corrupt("the file ends within the batch");
    }
    int lengthBytes = Varint.length(window, index + 1, limit);
    if (window.get(index) != BatchLayout.ENTRY_TAG || lengthBytes < 0 || lengthBytes > 5) {
      throw corrupt("no batch begins here");
    }
    long length = Varint.read(window, index + 1, lengthBytes);
    prefixBytes = 1 + lengthBytes;
    if (length > end - position - prefixBytes) {
      throw corrupt("the file ends within the batch");
    }
    batchBytes = (int) length;
    at = index + prefixBytes;
    if (!BatchLayout.headerIsCanonical(window, at, batchBytes)
        || !bodyFits()
        || BatchLayout.recordCount(window, at) < 1
        || BatchLayout.lastOffsetDelta(window, at) < BatchLayout.recordCount(window, at) - 1) {
      throw corrupt("the header is damaged");
    }
  }

  private boolean bodyFits() {
    int tagAt = at + BatchLayout.HEADER_BYTES;
    int batchEnd = at + batchBytes;
    if (batchBytes < BatchLayout.HEADER_BYTES + 2) {
      return false;
    }
    byte tag = window.get(tagAt);
    byte expected = compressed() ? BatchLayout.COMPRESSED_TAG : BatchLayout.RECORDS_TAG;
    int size = Varint.length(window, tagAt + 1, Math.min(batchEnd, tagAt + 6));
    return tag == expected
        && size > 0
        && Varint.read(window, tagAt + 1, size) == batchEnd - (tagAt + 1 + size);
  }
}
