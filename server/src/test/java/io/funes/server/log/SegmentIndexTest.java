package io.funes.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.testing.FaultySegmentFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentIndexTest {
  @TempDir Path folder;

  /**
   * 100 batches of 50 bytes and two records; times 1000, 1010, ... with every tenth far too early.
   */
  private static SegmentIndex filled() {
    SegmentIndex index = new SegmentIndex();
    for (int i = 0; i < 100; i++) {
      long time = i % 10 == 9 ? 1 : 1000 + 10 * i;
      index.add(50, 2 * i, 2 * i + 1, time, i == 70, 200);
    }
    index.firstAppendMs(77);
    return index;
  }

  @Test
  void positionsAreNeverBehindTheBatchAndNeverFarBefore() {
    SegmentIndex index = filled();
    for (int offset = 0; offset < 200; offset++) {
      int batchAt = offset / 2 * 50;
      assertThat(index.positionAtOrBefore(offset)).isBetween(batchAt - 199, batchAt);
    }
    for (int position = 0; position < 5000; position++) {
      assertThat(index.batchAtOrBefore(position)).isBetween(position - 249, position);
      assertThat(index.batchAtOrBefore(position) % 50).isZero();
    }
  }

  @Test
  void timesLeadToABatchBeforeTheFirstLateRecord() {
    SegmentIndex index = filled();
    for (long time = 0; time < 2000; time += 5) {
      int first = Math.clamp((time - 1000 + 9) / 10, 0, 100);
      first += first % 10 == 9 ? 1 : 0;
      assertThat(index.offsetBefore(time)).as("time %d", time).isLessThanOrEqualTo(2 * first);
      assertThat(index.offsetBefore(time))
          .as("time %d", time)
          .isGreaterThanOrEqualTo(2 * first - 30);
    }
    assertThat(index.maxTimestampMs()).isEqualTo(1980);
  }

  @Test
  void anEmptyIndexKnowsTheBeginning() {
    SegmentIndex index = new SegmentIndex();

    assertThat(index.positionAtOrBefore(5)).isZero();
    assertThat(index.batchAtOrBefore(5)).isZero();
    assertThat(index.offsetBefore(5)).isZero();
    assertThat(index.logBytes()).isZero();
    assertThat(index.maxTimestampMs()).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void theFilesHoldEverything() throws IOException {
    IndexFiles files = new IndexFiles(new FaultySegmentFiles(), folder, SegmentNames.of(5));
    SegmentIndex index = filled();

    files.store(index);
    SegmentIndex loaded = files.load().orElseThrow();

    assertThat(loaded.image()).usingRecursiveComparison().isEqualTo(index.image());
    assertThat(loaded.someCompressed()).isTrue();
    assertThat(loaded.firstAppendMs()).isEqualTo(77);
    loaded.add(50, 200, 201, 3000, false, 200);
    assertThat(loaded.logBytes()).isEqualTo(5050);
    assertThat(loaded.nextOffset()).isEqualTo(202);
    files.delete();
    assertThat(files.load()).isEmpty();
  }

  @Test
  void filesWithAnyBitFlippedOrCutAreNoFiles() throws IOException {
    IndexFiles files = new IndexFiles(new FaultySegmentFiles(), folder, SegmentNames.of(5));
    files.store(filled());
    for (String suffix : new String[] {SegmentNames.OFFSETS, SegmentNames.TIMES}) {
      Path file = folder.resolve(SegmentNames.of(5) + suffix);
      byte[] good = Files.readAllBytes(file);
      for (int i = 0; i < good.length; i++) {
        byte[] bad = good.clone();
        bad[i] ^= (byte) (1 << (i % 8));
        Files.write(file, bad);
        assertThat(files.load()).as("%s byte %d", suffix, i).isEmpty();
        Files.write(file, java.util.Arrays.copyOf(good, i));
        assertThat(files.load()).as("%s cut to %d", suffix, i).isEmpty();
      }
      Files.write(file, good);
    }
    assertThat(files.load()).isPresent();
  }
}
