package io.funes.server.log;

import io.funes.server.record.BatchLayout;
import io.funes.server.record.EntryBuilder;
import io.funes.server.record.Varint;
import java.nio.ByteBuffer;

/** Entries in a row, as one broker copies them from another. Buffers are little endian. */
final class ReplicaEntries {
  private ReplicaEntries() {}

  /** Refuses what is not whole, undamaged, and the continuation of a log with this end. */
  static void check(ByteBuffer entries, long logEndOffset, int lastEpoch) throws ReplicaMismatch {
    ByteBuffer rest = entries.duplicate().order(entries.order());
    long expected = logEndOffset;
    int epoch = lastEpoch;
    while (rest.hasRemaining()) {
      int length = entryBytes(rest);
      if (length < 0 || length > rest.remaining()) {
        throw new ReplicaMismatch("an entry is cut or none at offset " + expected);
      }
      ByteBuffer entry = next(rest);
      int at = batchAt(entry, expected);
      if (BatchLayout.baseOffset(entry, at) != expected) {
        throw new ReplicaMismatch(
            "offset %d where %d follows".formatted(BatchLayout.baseOffset(entry, at), expected));
      }
      if (BatchLayout.leaderEpoch(entry, at) < epoch) {
        throw new ReplicaMismatch(
            "leader epoch %d after %d".formatted(BatchLayout.leaderEpoch(entry, at), epoch));
      }
      int count = BatchLayout.recordCount(entry, at);
      if (count < 1 || BatchLayout.lastOffsetDelta(entry, at) < count - 1) {
        throw new ReplicaMismatch("a damaged header at offset " + expected);
      }
      if (BatchLayout.computeCrc(entry, at, entry.limit() - at) != BatchLayout.crc(entry, at)) {
        throw new ReplicaMismatch("a wrong checksum at offset " + expected);
      }
      expected = BatchLayout.lastOffset(entry, at) + 1;
      epoch = BatchLayout.leaderEpoch(entry, at);
    }
  }

  /** Takes the first entry off. */
  static ByteBuffer next(ByteBuffer entries) {
    int end = entries.position() + entryBytes(entries);
    ByteBuffer entry = entries.duplicate().order(entries.order()).limit(end);
    entries.position(end);
    return entry;
  }

  /** Bytes of the first entry as it says itself, -1 where that is not to be read. */
  private static int entryBytes(ByteBuffer entries) {
    int from = entries.position();
    int size = Varint.length(entries, from + 1, entries.limit());
    long length = size < 1 ? -1 : Varint.read(entries, from + 1, size);
    return length < 0 || length > entries.remaining() ? -1 : (int) (1 + size + length);
  }

  private static int batchAt(ByteBuffer entry, long offset) throws ReplicaMismatch {
    try {
      return EntryBuilder.canonicalBatchAt(entry);
    } catch (IllegalArgumentException e) {
      throw new ReplicaMismatch("no batch at offset " + offset);
    }
  }
}
