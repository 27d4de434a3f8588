package io.funes.client.internal.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Little-endian numbers in byte arrays. */
public final class Bytes {
  public static final VarHandle INT_LE =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle LONG_LE =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Bytes() {}

  public static int getInt(byte[] source, int at) {
    return (int) INT_LE.get(source, at);
  }

  public static long getLong(byte[] source, int at) {
    return (long) LONG_LE.get(source, at);
  }

  /** Writes a tag byte and a fixed 32-bit value, and gives back where they end. */
  static int put(byte[] target, int at, int tag, int value) {
    target[at] = (byte) tag;
    INT_LE.set(target, at + 1, value);
    return at + 5;
  }

  /** Writes a tag byte and a fixed 64-bit value, and gives back where they end. */
  static int put(byte[] target, int at, int tag, long value) {
    target[at] = (byte) tag;
    LONG_LE.set(target, at + 1, value);
    return at + 9;
  }
}
