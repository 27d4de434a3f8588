package io.funes.cli.log;

import io.funes.server.record.BatchLayout;
import io.funes.server.record.Varint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/** Walks the batches of one segment file, and stops where they end or cannot be read. */
final class SegmentReader implements AutoCloseable {
  /** Tag and the longest length. */
  private static final int ENTRY_HEAD_BYTES_MAX = 1 + 5;

  private final FileChannel channel;
  private final long size;
  private long position;
  private String damage;

  /**
   * A batch as it stands in the file.
   *
   * @param position of its entry in the file
   * @param bytes the batch, from 0 to its limit
   */
  record Batch(long position, ByteBuffer bytes) {
    int length() {
      return bytes.limit();
    }

    boolean crcMatches() {
      return BatchLayout.crc(bytes, 0) == BatchLayout.computeCrc(bytes, 0, length());
    }
  }

  SegmentReader(Path file) throws IOException {
    channel = FileChannel.open(file);
    size = channel.size();
  }

  long size() {
    return size;
  }

  /** Where the readable part ends. */
  long position() {
    return position;
  }

  /** Why reading stopped before the file's end. */
  Optional<String> damage() {
    return Optional.ofNullable(damage);
  }

  /** The next batch; empty at the end and at damage. */
  Optional<Batch> next() throws IOException {
    if (position == size || damage != null) {
      return Optional.empty();
    }
    ByteBuffer head = read(position, (int) Math.min(ENTRY_HEAD_BYTES_MAX, size - position));
    if (head.get(0) != BatchLayout.ENTRY_TAG) {
      return damaged("no batch begins here");
    }
    int lengthBytes = Varint.length(head, 1, head.limit());
    if (lengthBytes < 0) {
      return damaged("the length of a batch is cut off");
    }
    long length = Varint.read(head, 1, lengthBytes);
    long start = position + 1 + lengthBytes;
    if (length < BatchLayout.HEADER_BYTES || length > Integer.MAX_VALUE) {
      return damaged("a batch cannot be %d bytes long".formatted(length));
    }
    if (length > size - start) {
      return damaged("a batch of %d bytes is cut off".formatted(length));
    }
    ByteBuffer bytes = read(start, (int) length);
    if (!BatchLayout.headerIsCanonical(bytes, 0, (int) length)) {
      return damaged("the header of a batch is not in its form");
    }
    Batch batch = new Batch(position, bytes);
    position = start + length;
    return Optional.of(batch);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private Optional<Batch> damaged(String what) {
    damage = what;
    return Optional.empty();
  }

  private ByteBuffer read(long from, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) > 0) {
      // A read may give less than asked for.
    }
    return buffer.flip();
  }
}
