package io.funes.client.internal.record;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The frame of snappy-java: a header of 16 bytes, then chunks, each with its length (big endian)
 * and a block that begins with the length of its content. The library takes these lengths at their
 * word and allocates, so they are added up before it is asked.
 */
record SnappyCodec(Codec library) implements Codec {
  private static final long MAGIC = 0x8253_4e41_5050_5900L;
  private static final int HEADER_BYTES = 16;

  /** Of a 32-bit number, seven bits in each. */
  private static final int VARINT_BYTES_MAX = 5;

  @Override
  public int compressedBytesMax(int bytes) {
    return library.compressedBytesMax(bytes);
  }

  @Override
  public int compress(byte[] source, int from, int length, byte[] target, int at)
      throws IOException {
    return library.compress(source, from, length, target, at);
  }

  @Override
  public byte[] decompress(byte[] source, int from, int length, int bytesMax) throws IOException {
    long announced = announcedBytes(ByteBuffer.wrap(source, from, length).slice());
    return announced > bytesMax ? null : library.decompress(source, from, length, bytesMax);
  }

  private static long announcedBytes(ByteBuffer in) throws IOException {
    if (in.remaining() < HEADER_BYTES || in.getLong(0) != MAGIC) {
      throw new IOException("no header of snappy-java");
    }
    in.position(HEADER_BYTES);
    long bytes = 0;
    while (in.hasRemaining()) {
      int chunk = in.remaining() < Integer.BYTES ? -1 : in.getInt();
      if (chunk < 0 || chunk > in.remaining()) {
        throw new IOException("a chunk is longer than what is there");
      }
      int next = in.position() + chunk;
      bytes += contentBytes(in, chunk);
      in.position(next);
    }
    return bytes;
  }

  private static long contentBytes(ByteBuffer in, int chunk) throws IOException {
    long bytes = 0;
    for (int i = 0; i < Math.min(chunk, VARINT_BYTES_MAX); i++) {
      byte b = in.get();
      bytes |= (long) (b & 0x7F) << (7 * i);
      if (b >= 0) {
        return bytes;
      }
    }
    throw new IOException("a chunk without a length of its content");
  }
}
