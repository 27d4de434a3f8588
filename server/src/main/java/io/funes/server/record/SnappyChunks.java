package io.funes.server.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The frame of snappy-java: a header of 16 bytes, then chunks of a big-endian length and a snappy
 * block, which begins with its uncompressed length. The library allocates what these lengths say
 * before it looks at the data, so they are checked first.
 */
final class SnappyChunks {
  private static final long MAGIC = 0x8253_4e41_5050_5900L;
  private static final int HEADER_BYTES = 16;

  private SnappyChunks() {}

  static void check(byte[] input, int bytesMax) throws IOException {
    ByteBuffer b = ByteBuffer.wrap(input).order(ByteOrder.BIG_ENDIAN);
    if (input.length < HEADER_BYTES || b.getLong(0) != MAGIC) {
      throw new IOException("it does not begin with the header of snappy-java");
    }
    long total = 0;
    int at = HEADER_BYTES;
    while (at < input.length) {
      int length = input.length - at < Integer.BYTES ? -1 : b.getInt(at);
      at += Integer.BYTES;
      int size = length < 0 || length > input.length - at ? -1 : Varint.length(b, at, at + length);
      if (size < 0) {
        throw new IOException("a chunk is longer than what is there");
      }
      long plain = Varint.read(b, at, size);
      total += plain;
      if (plain < 0 || total > bytesMax) {
        throw Compression.tooLarge(bytesMax);
      }
      at += length;
    }
  }
}
