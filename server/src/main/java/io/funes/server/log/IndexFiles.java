package io.funes.server.log;

import io.funes.server.log.SegmentIndex.Entries;
import io.funes.server.log.SegmentIndex.Image;
import io.funes.server.log.file.SegmentFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A segment's index on disk, in two files with the layout that the package comment shows. A file
 * that is missing, cut, damaged or of another version is as good as none: the log has it all.
 */
final class IndexFiles {
  private static final int OFFSETS_MAGIC = 0x3158_4446; // "FDX1" on disk
  private static final int TIMES_MAGIC = 0x3158_5446; // "FTX1" on disk
  private static final int OFFSETS_HEADER_BYTES = 48;
  private static final int TIMES_HEADER_BYTES = 16;

  private final SegmentFiles files;
  private final Path offsets;
  private final Path times;

  IndexFiles(SegmentFiles files, Path folder, String name) {
    this.files = files;
    this.offsets = folder.resolve(name + SegmentNames.OFFSETS);
    this.times = folder.resolve(name + SegmentNames.TIMES);
  }

  /**
   * Not durable: a loss of power may take it, and the checksum tells. Answers how many bytes of the
   * log the files describe now.
   */
  int store(SegmentIndex index) throws IOException {
    Image image = index.image();
    files.replace(times, encodeTimes(image), false);
    files.replace(offsets, encodeOffsets(image), false);
    return image.logBytes();
  }

  Optional<SegmentIndex> load() throws IOException {
    ByteBuffer o = files.load(offsets).orElse(null);
    ByteBuffer t = files.load(times).orElse(null);
    if (!intact(o, OFFSETS_MAGIC, OFFSETS_HEADER_BYTES, 8)
        || !intact(t, TIMES_MAGIC, TIMES_HEADER_BYTES, 12)
        || o.getInt(12) != t.getInt(12)) {
      return Optional.empty();
    }
    return Optional.of(SegmentIndex.of(decode(o, t)));
  }

  void delete() throws IOException {
    files.delete(offsets);
    files.delete(times);
  }

  private static ByteBuffer encodeOffsets(Image image) {
    int count = image.entries().offsets().length;
    ByteBuffer b = begin(OFFSETS_MAGIC, OFFSETS_HEADER_BYTES, 8, count, image);
    b.putInt(image.nextOffset());
    b.putInt(image.somePlain() ? 1 : 0);
    b.putInt(image.someCompressed() ? 1 : 0);
    b.putInt(0);
    b.putLong(image.maxTimestampMs());
    b.putLong(image.firstAppendMs());
    for (int i = 0; i < count; i++) {
      b.putInt(image.entries().offsets()[i]).putInt(image.entries().positions()[i]);
    }
    return sealed(b);
  }

  private static ByteBuffer encodeTimes(Image image) {
    int count = image.entries().timestamps().length;
    ByteBuffer b = begin(TIMES_MAGIC, TIMES_HEADER_BYTES, 12, count, image);
    for (int i = 0; i < count; i++) {
      b.putLong(image.entries().timestamps()[i]).putInt(image.entries().timeOffsets()[i]);
    }
    return sealed(b);
  }

  private static ByteBuffer begin(
      int magic, int headerBytes, int entryBytes, int count, Image image) {
    return ByteBuffer.allocate(headerBytes + entryBytes * count)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(magic)
        .putInt(0)
        .putInt(count)
        .putInt(image.logBytes());
  }

  private static ByteBuffer sealed(ByteBuffer b) {
    return b.flip().putInt(4, crc(b));
  }

  private static boolean intact(ByteBuffer b, int magic, int headerBytes, int entryBytes) {
    return b != null
        && b.limit() >= headerBytes
        && b.getInt(0) == magic
        && b.getInt(8) >= 0
        && b.limit() == headerBytes + (long) entryBytes * b.getInt(8)
        && b.getInt(4) == crc(b);
  }

  private static int crc(ByteBuffer b) {
    CRC32C crc = new CRC32C();
    crc.update(b.slice(0, 4));
    crc.update(b.slice(8, b.limit() - 8));
    return (int) crc.getValue();
  }

  private static Image decode(ByteBuffer o, ByteBuffer t) {
    int[] offsetEntries = new int[o.getInt(8)];
    int[] positions = new int[offsetEntries.length];
    for (int i = 0, at = OFFSETS_HEADER_BYTES; i < offsetEntries.length; i++, at += 8) {
      offsetEntries[i] = o.getInt(at);
      positions[i] = o.getInt(at + 4);
    }
    long[] timestamps = new long[t.getInt(8)];
    int[] timeOffsets = new int[timestamps.length];
    for (int i = 0, at = TIMES_HEADER_BYTES; i < timestamps.length; i++, at += 12) {
      timestamps[i] = t.getLong(at);
      timeOffsets[i] = t.getInt(at + 8);
    }
    return new Image(
        o.getInt(12),
        o.getInt(16),
        o.getLong(32),
        o.getInt(20) != 0,
        o.getInt(24) != 0,
        o.getLong(40),
        new Entries(offsetEntries, positions, timestamps, timeOffsets));
  }
}
