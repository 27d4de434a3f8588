package io.funes.bench.workload;

import io.funes.bench.system.RecordReceiver;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Records count only when each of them came once and those of a partition came in order. One
 * producer numbered them from 0.
 */
final class SequenceCheck implements RecordReceiver.Sink {
  private final long expected;
  private final int valueBytes;
  private final BitSet seen;
  private final long[] lastOfPartition;

  SequenceCheck(long expected, int partitions, int valueBytes) {
    this.expected = expected;
    this.valueBytes = valueBytes;
    seen = new BitSet(Math.toIntExact(expected));
    lastOfPartition = new long[partitions];
    Arrays.fill(lastOfPartition, -1);
  }

  @Override
  public void record(int partition, long sequence, int bytes) {
    if (bytes != valueBytes) {
      throw new IllegalStateException("record " + sequence + " has " + bytes + " bytes");
    }
    if (sequence <= lastOfPartition[partition]) {
      throw new IllegalStateException(
          "record "
              + sequence
              + " after "
              + lastOfPartition[partition]
              + " in partition "
              + partition);
    }
    lastOfPartition[partition] = sequence;
    seen.set((int) sequence);
  }

  void requireComplete() {
    if (seen.cardinality() != expected) {
      throw new IllegalStateException(seen.cardinality() + " of " + expected + " records came");
    }
  }
}
