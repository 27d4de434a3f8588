package io.funes.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.record.BatchLayout;
import io.funes.server.record.Codec;
import io.funes.server.record.EntryBuilder;
import io.funes.server.testing.FaultySegmentFiles;
import io.funes.server.testing.TestBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The index of a segment that was cut, against one built again. A failure names its seed. */
class CutIndexTest {
  private static final int SEEDS = 60;
  private static final long BASE_OFFSET = 1000;

  @TempDir Path folder;

  @Test
  void anIndexThatWasCutAnswersAsOneThatIsBuiltAgain() throws IOException {
    for (int seed = 0; seed < SEEDS; seed++) {
      try {
        new History(seed, folder.resolve("seed" + seed)).run();
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  /** One seed's segment. */
  private static final class History {
    private final Random random;
    private final FaultySegmentFiles disk = new FaultySegmentFiles();
    private final Path folder;
    private final int intervalBytes;
    private final int compressedPercent;
    private LogSegment segment;

    History(int seed, Path folder) throws IOException {
      random = new Random(seed);
      this.folder = folder;
      intervalBytes = 1 + random.nextInt(1000);
      compressedPercent = 50 * random.nextInt(3);
      disk.list(folder);
      segment = LogSegment.create(disk, folder, BASE_OFFSET, intervalBytes);
    }

    void run() throws IOException {
      for (int i = 0; i < 6; i++) {
        append(random.nextInt(40));
        if (random.nextBoolean()) {
          loadAgain();
        }
        segment.cutTo(segment.indexBefore(somewhere()));
        assertSameAsBuiltAgain();
      }
      segment.close();
    }

    private void append(int batches) throws IOException {
      for (int i = 0; i < batches; i++) {
        boolean compressed = random.nextInt(100) < compressedPercent;
        ByteBuffer entry =
            TestBatch.of(1 + random.nextInt(4), random.nextInt(150))
                .timeMs(random.nextInt(100))
                .codec(compressed ? Codec.LZ4 : Codec.NONE)
                .entry()
                .order(ByteOrder.LITTLE_ENDIAN);
        int at = EntryBuilder.canonicalBatchAt(entry);
        BatchLayout.assign(entry, at, segment.nextOffset(), 3, 0);
        segment.append(entry, 77 + random.nextInt(9));
      }
    }

    /** As a sealed segment whose index nobody has loaded. */
    private void loadAgain() throws IOException {
      segment.storeIndex();
      long end = segment.nextOffset();
      segment.close();
      segment = LogSegment.sealed(disk, folder, BASE_OFFSET, end, intervalBytes);
    }

    /** Where an index entry stands, in front of the first one, or anywhere. */
    private long somewhere() throws IOException {
      int[] entries = segment.view().index().image().entries().offsets();
      long length = segment.nextOffset() - BASE_OFFSET;
      return BASE_OFFSET
          + switch (random.nextInt(4)) {
            case 0 -> entries.length == 0 ? 0 : entries[random.nextInt(entries.length)];
            case 1 -> random.nextLong(1 + (entries.length == 0 ? length : entries[0]));
            default -> random.nextLong(length + 1);
          };
    }

    private void assertSameAsBuiltAgain() throws IOException {
      SegmentView cut = segment.view();
      SegmentIndex index = SegmentScan.index(segment, (int) segment.file().size()).index();
      SegmentView built =
          new SegmentView(cut.file(), BASE_OFFSET, index, cut.bytes(), cut.nextOffset());
      assertThat(cut.bytes()).isEqualTo(index.logBytes());
      assertThat(cut.nextOffset() - BASE_OFFSET).isEqualTo(index.nextOffset());
      assertThat(cut.index().image().entries())
          .usingRecursiveComparison()
          .isEqualTo(index.image().entries());
      assertThat(cut.index().maxTimestampMs()).isEqualTo(index.maxTimestampMs());
      for (int time = -1; time < 101; time += 3) {
        assertThat(cut.firstAtOrAfter(time)).isEqualTo(built.firstAtOrAfter(time));
      }
      for (long offset = BASE_OFFSET; offset <= cut.nextOffset(); offset++) {
        assertThat(cut.positionOf(offset)).isEqualTo(built.positionOf(offset));
        int bytesMax = random.nextInt(1000);
        LogSlice expected = built.slice(offset, bytesMax, cut.nextOffset());
        LogSlice slice = cut.slice(offset, bytesMax, cut.nextOffset());
        assertThat(slice.length()).isEqualTo(expected.length());
        assertThat(slice.compressed()).isEqualTo(expected.compressed());
      }
    }
  }
}
