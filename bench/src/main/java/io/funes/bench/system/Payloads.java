package io.funes.bench.system;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;

/**
 * Values to produce: a pool of random bytes made before timing. The first 8 bytes are the record's
 * number.
 */
public final class Payloads {
  private static final int POOL_SIZE = 1024;
  private static final VarHandle SEQUENCE =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[][] pool;

  public Payloads(int valueBytes) {
    Random random = new Random(1);
    pool = new byte[POOL_SIZE][valueBytes];
    for (byte[] value : pool) {
      random.nextBytes(value);
    }
  }

  /** Valid until {@value #POOL_SIZE} calls later: senders copy. */
  public byte[] value(long sequence) {
    byte[] value = pool[(int) (sequence % POOL_SIZE)];
    SEQUENCE.set(value, 0, sequence);
    return value;
  }

  public static long sequence(byte[] bytes, int at) {
    return (long) SEQUENCE.get(bytes, at);
  }

  /** Whatever the order of {@code value}; position stays. */
  public static long sequence(ByteBuffer value) {
    long read = value.getLong(value.position());
    return value.order() == ByteOrder.LITTLE_ENDIAN ? read : Long.reverseBytes(read);
  }
}
