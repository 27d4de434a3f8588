package io.funes.server.api.produce;

import io.funes.server.record.KeyPartitioner;
import io.funes.server.record.Varint;
import java.nio.ByteBuffer;

/**
 * Which record of a request goes to which partition. The body has been walked before, so its bytes
 * are trusted.
 */
final class RecordRouter {
  /** What {@link #single} says when the records part. */
  static final int SEVERAL = -1;

  private static final int KEY = 0x0a;

  private final ByteBuffer bytes;
  private final int[] starts;
  private final int[] partitions;
  private final int partitionCount;
  private final int[] records;

  RecordRouter(ProduceFrame frame, int count, int partitionCount, KeylessPartitions keyless) {
    this.bytes = frame.bytes;
    this.starts = new int[count + 1];
    this.partitions = new int[count];
    this.partitionCount = partitionCount;
    this.records = new int[partitionCount];
    int unkeyed = -1;
    int at = frame.recordsAt;
    for (int i = 0; i < count; i++) {
      starts[i] = at;
      int lengthSize = Varint.length(bytes, at + 1, frame.recordsEnd);
      int from = at + 1 + lengthSize;
      int end = from + (int) Varint.read(bytes, at + 1, lengthSize);
      int partition = byKey(from, end);
      if (partition < 0) {
        if (unkeyed < 0) {
          unkeyed = keyless.choose(frame, partitionCount);
        }
        partition = unkeyed;
      }
      partitions[i] = partition;
      records[partition]++;
      at = end;
    }
    starts[count] = at;
  }

  private int byKey(int from, int end) {
    int at = from;
    while (at < end) {
      int tag = bytes.get(at++);
      int size = Varint.length(bytes, at, end);
      long value = Varint.read(bytes, at, size);
      at += size;
      if (tag == KEY) {
        return KeyPartitioner.partition(bytes, at, (int) value, partitionCount);
      }
      if ((tag & 7) == 2) {
        at += (int) value;
      }
    }
    return -1;
  }

  /** The one partition that all records go to, or {@link #SEVERAL}. */
  int single() {
    return records[partitions[0]] == partitions.length ? partitions[0] : SEVERAL;
  }

  int partitionsUsed() {
    int used = 0;
    for (int count : records) {
      used += count > 0 ? 1 : 0;
    }
    return used;
  }

  boolean uses(int partition) {
    return records[partition] > 0;
  }

  /** Place in the request of the first record that goes to {@code partition}. */
  int firstRecord(int partition) {
    int i = 0;
    while (partitions[i] != partition) {
      i++;
    }
    return i;
  }

  /** Copies the records of one partition to {@code target} and returns the index of their end. */
  int copy(int partition, ByteBuffer target, int targetAt) {
    int at = targetAt;
    for (int i = 0; i < partitions.length; i++) {
      if (partitions[i] == partition) {
        int length = starts[i + 1] - starts[i];
        target.put(at, bytes, starts[i], length);
        at += length;
      }
    }
    return at;
  }
}
