package io.funes.server.record;

import java.nio.ByteBuffer;

/**
 * Which partition a key belongs to: murmur2 with seed 0x9747b28c, sign bit cleared, modulo the
 * partition count. This is the default of Kafka's Java producer, so keys land where Kafka users
 * expect them.
 */
public final class KeyPartitioner {
  private static final int SEED = 0x9747b28c;
  private static final int M = 0x5bd1e995;
  private static final int R = 24;

  private KeyPartitioner() {}

  public static int partition(ByteBuffer b, int at, int length, int partitionCount) {
    return (murmur2(b, at, length) & Integer.MAX_VALUE) % partitionCount;
  }

  /** Austin Appleby's MurmurHash2, 32 bits, over bytes taken little endian. */
  static int murmur2(ByteBuffer b, int at, int length) {
    int hash = SEED ^ length;
    int end = at + (length & ~3);
    for (int i = at; i < end; i += 4) {
      int k = littleEndian(b, i, 4) * M;
      hash = (hash * M) ^ ((k ^ (k >>> R)) * M);
    }
    int tail = length & 3;
    if (tail > 0) {
      hash = (hash ^ littleEndian(b, end, tail)) * M;
    }
    hash = (hash ^ (hash >>> 13)) * M;
    return hash ^ (hash >>> 15);
  }

  private static int littleEndian(ByteBuffer b, int at, int bytes) {
    int value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (b.get(at + i) & 0xff) << (8 * i);
    }
    return value;
  }
}
