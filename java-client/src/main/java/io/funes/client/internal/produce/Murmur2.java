package io.funes.client.internal.produce;

import io.funes.client.internal.record.Bytes;

/**
 * Kafka's default partitioner for keys: 32-bit murmur2 with its seed, sign bit cleared, modulo
 * partition count.
 */
final class Murmur2 {
  private static final int SEED = 0x9747b28c;
  private static final int M = 0x5bd1e995;
  private static final int R = 24;

  private Murmur2() {}

  static int partition(byte[] key, int partitionCount) {
    return (hash(key) & 0x7fffffff) % partitionCount;
  }

  static int hash(byte[] data) {
    int length = data.length;
    int h = SEED ^ length;
    int whole = length & ~3;
    for (int i = 0; i < whole; i += 4) {
      int k = (int) Bytes.INT_LE.get(data, i) * M;
      k ^= k >>> R;
      h = h * M ^ k * M;
    }
    for (int i = length - 1; i >= whole; i--) {
      h ^= (data[i] & 0xff) << (8 * (i - whole));
    }
    if (whole != length) {
      h *= M;
    }
    h ^= h >>> 13;
    h *= M;
    return h ^ h >>> 15;
  }
}
