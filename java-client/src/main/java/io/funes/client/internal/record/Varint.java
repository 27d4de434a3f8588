package io.funes.client.internal.record;

/** Protobuf's base-128 numbers. */
public final class Varint {
  private Varint() {}

  public static int size(int value) {
    return size(value & 0xFFFFFFFFL);
  }

  public static int size(long value) {
    return (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
  }

  /** Writes an unsigned int and gives back where it ends. */
  public static int write(byte[] target, int at, int value) {
    if (value >>> 14 == 0) {
      // Nearly all lengths of fields and records.
      if (value < 0x80) {
        target[at] = (byte) value;
        return at + 1;
      }
      target[at] = (byte) (value | 0x80);
      target[at + 1] = (byte) (value >>> 7);
      return at + 2;
    }
    int left = value;
    int end = at;
    while ((left & ~0x7F) != 0) {
      target[end++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    target[end++] = (byte) left;
    return end;
  }

  public static int write(byte[] target, int at, long value) {
    long left = value;
    int end = at;
    while ((left & ~0x7FL) != 0) {
      target[end++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    target[end++] = (byte) left;
    return end;
  }
}
