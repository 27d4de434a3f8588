package io.funes.server.log;

import io.funes.server.log.file.SegmentFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Where each leader epoch begins in a log: what replicas compare to find where they diverge. Cut
 * with the log at both ends.
 *
 * <p>An entry is written and synced before the first batch of its epoch, so the file may name an
 * epoch that has no batch yet, never miss one that has. A log of one epoch has no file: its
 * checkpoint says which it is, and where there is none the log is read as a whole. So the first
 * records of a topic do not wait for a file each.
 *
 * <p>Guarded by its log's lock.
 */
final class LeaderEpochs {
  static final String FILE_NAME = "leader-epochs";

  private static final String TITLE = "funes leader epochs 1";
  private static final String CRC = "crc32c ";

  private final SegmentFiles files;
  private final Path path;
  private List<Boundary> boundaries;
  private boolean stored;

  /** An epoch and the offset of its first batch. */
  record Boundary(int epoch, long startOffset) {}

  private LeaderEpochs(SegmentFiles files, Path path, List<Boundary> boundaries, boolean stored) {
    this.files = files;
    this.path = path;
    this.boundaries = boundaries;
    this.stored = stored;
  }

  /** The epochs in {@code folder}, or nothing where the file is missing or damaged. */
  static Optional<LeaderEpochs> load(SegmentFiles files, Path folder) throws IOException {
    Path path = folder.resolve(FILE_NAME);
    return files
        .load(path)
        .flatMap(LeaderEpochs::decode)
        .map(boundaries -> new LeaderEpochs(files, path, boundaries, true));
  }

  static LeaderEpochs empty(SegmentFiles files, Path folder) {
    return new LeaderEpochs(files, folder.resolve(FILE_NAME), List.of(), false);
  }

  List<Boundary> boundaries() {
    return boundaries;
  }

  /** Newest epoch, -1 where there is none. */
  int latest() {
    return boundaries.isEmpty() ? -1 : boundaries.getLast().epoch;
  }

  /** The epoch of the whole log, -1 where there is none or more than one. */
  int sole() {
    return boundaries.size() == 1 ? latest() : -1;
  }

  /** The epoch that {@code offset} belongs to, -1 where none is known. */
  int epochOf(long offset) {
    for (int i = boundaries.size() - 1; i >= 0; i--) {
      if (boundaries.get(i).startOffset <= offset) {
        return boundaries.get(i).epoch;
      }
    }
    return -1;
  }

  /** Answers whether the file was written; false too where the epoch is known. */
  boolean begin(int epoch, long startOffset) throws IOException {
    return epoch > latest() && change(with(epoch, startOffset));
  }

  /** As {@link #begin}, in memory only: recovery stores once, at its end. */
  void note(int epoch, long startOffset) {
    if (epoch > latest()) {
      boundaries = with(epoch, startOffset);
    }
  }

  /** Writes what was noted, if it needs a file. */
  void store() throws IOException {
    if (!stored && boundaries.size() > 1) {
      write(boundaries);
    }
  }

  /** Forgets epochs that begin at or after the log's end. */
  void cutEnd(long endOffset) throws IOException {
    List<Boundary> kept = boundaries.stream().filter(b -> b.startOffset < endOffset).toList();
    if (kept.size() < boundaries.size()) {
      change(kept);
    }
  }

  /** Forgets epochs that end at or before the log's start. */
  void cutStart(long startOffset) throws IOException {
    int first = 0;
    while (first + 1 < boundaries.size() && boundaries.get(first + 1).startOffset <= startOffset) {
      first++;
    }
    if (first > 0) {
      change(List.copyOf(boundaries.subList(first, boundaries.size())));
    }
  }

  private List<Boundary> with(int epoch, long startOffset) {
    List<Boundary> more = new ArrayList<>(boundaries);
    // An epoch that came to no batch is replaced by the one that does begin there.
    while (!more.isEmpty() && more.getLast().startOffset >= startOffset) {
      more.removeLast();
    }
    more.add(new Boundary(epoch, startOffset));
    return List.copyOf(more);
  }

  private boolean change(List<Boundary> content) throws IOException {
    if (stored || content.size() > 1) {
      write(content);
      return true;
    }
    boundaries = content;
    return false;
  }

  private void write(List<Boundary> content) throws IOException {
    StringBuilder text = new StringBuilder(TITLE).append('\n');
    for (Boundary boundary : content) {
      text.append(boundary.epoch).append(' ').append(boundary.startOffset).append('\n');
    }
    String body = text.toString();
    files.replace(path, StandardCharsets.US_ASCII.encode(body + CRC + crc(body) + '\n'), true);
    boundaries = content;
    stored = true;
  }

  private static Optional<List<Boundary>> decode(ByteBuffer bytes) {
    String text = StandardCharsets.ISO_8859_1.decode(bytes).toString();
    int crcAt = text.lastIndexOf(CRC);
    if (crcAt < 0 || !text.substring(crcAt).equals(CRC + crc(text.substring(0, crcAt)) + '\n')) {
      return Optional.empty();
    }
    List<Boundary> boundaries =
        text.substring(0, crcAt)
            .lines()
            .skip(1)
            .map(line -> line.split(" ", 2))
            .map(words -> new Boundary(Integer.parseInt(words[0]), Long.parseLong(words[1])))
            .toList();
    return Optional.of(boundaries);
  }

  private static String crc(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.ISO_8859_1));
    return "%08x".formatted(crc.getValue());
  }
}
