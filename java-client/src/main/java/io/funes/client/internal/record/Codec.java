package io.funes.client.internal.record;

import java.io.IOException;

/** Compresses and decompresses the bodies of batches. Safe for use by several threads. */
public interface Codec {
  /** Most bytes that compressing so many can give. */
  int compressedBytesMax(int bytes);

  /**
   * Compresses a range of the source into the target.
   *
   * @return number of bytes written
   */
  int compress(byte[] source, int from, int length, byte[] target, int at) throws IOException;

  /**
   * Decompresses a range of the source. Memory is taken as bytes come out, not as the source says.
   *
   * @return null when that would be more than so many bytes
   */
  byte[] decompress(byte[] source, int from, int length, int bytesMax) throws IOException;
}
