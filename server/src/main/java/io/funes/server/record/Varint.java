package io.funes.server.record;

import java.nio.ByteBuffer;

/** Protobuf's base-128 integers, by absolute index. */
public final class Varint {
  /** Most that C++ parsers take for the length of a field, padding included. */
  static final int LENGTH_BYTES_MAX = 5;

  private Varint() {}

  /** Bytes that {@code value} takes, 1 to 10. */
  public static int size(long value) {
    return (Long.SIZE - Long.numberOfLeadingZeros(value | 1) + 6) / 7;
  }

  /** Writes {@code value} at {@code at} and returns the index after it. */
  public static int write(ByteBuffer buffer, int at, long value) {
    int position = at;
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      buffer.put(position++, (byte) (rest | 0x80));
      rest >>>= 7;
    }
    buffer.put(position++, (byte) rest);
    return position;
  }

  /**
   * Bytes of the varint at {@code at}, or -1 where none ends before {@code limit} or it has more
   * than 64 bits, which some parsers refuse.
   */
  public static int length(ByteBuffer buffer, int at, int limit) {
    int end = Math.min(limit, at + 10);
    for (int position = at; position < end; position++) {
      byte part = buffer.get(position);
      if (part >= 0) {
        return position - at == 9 && part > 1 ? -1 : position - at + 1;
      }
    }
    return -1;
  }

  /** The varint of {@code length} bytes at {@code at}. */
  public static long read(ByteBuffer buffer, int at, int length) {
    long value = 0;
    for (int i = 0; i < length; i++) {
      value |= (buffer.get(at + i) & 0x7fL) << (7 * i);
    }
    return value;
  }
}
