package io.funes.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.server.log.LeaderEpochs.Boundary;
import io.funes.server.testing.FaultySegmentFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaderEpochsTest {
  @TempDir Path folder;
  private final FaultySegmentFiles disk = new FaultySegmentFiles();
  private LeaderEpochs epochs;

  @BeforeEach
  void begin() throws IOException {
    epochs = LeaderEpochs.empty(disk, folder);
    epochs.begin(1, 0);
    epochs.begin(3, 10);
    epochs.begin(4, 20);
  }

  @Test
  void epochsAreFoundByOffset() {
    assertThat(epochs.latest()).isEqualTo(4);
    assertThat(epochs.epochOf(0)).isEqualTo(1);
    assertThat(epochs.epochOf(9)).isEqualTo(1);
    assertThat(epochs.epochOf(10)).isEqualTo(3);
    assertThat(epochs.epochOf(99)).isEqualTo(4);
    assertThat(LeaderEpochs.empty(disk, folder).latest()).isEqualTo(-1);
    assertThat(LeaderEpochs.empty(disk, folder).epochOf(0)).isEqualTo(-1);
  }

  @Test
  void anEpochBeginsOnce() throws IOException {
    epochs.begin(4, 30);
    epochs.begin(2, 30);

    assertThat(epochs.boundaries())
        .containsExactly(new Boundary(1, 0), new Boundary(3, 10), new Boundary(4, 20));
  }

  @Test
  void anEpochWithoutABatchGivesWayToTheNext() throws IOException {
    epochs.begin(5, 30);
    epochs.begin(6, 30);

    assertThat(epochs.boundaries()).endsWith(new Boundary(4, 20), new Boundary(6, 30));
  }

  @Test
  void everyChangeIsSynced() throws IOException {
    disk.losePower();
    assertThat(reloaded().boundaries()).isEqualTo(epochs.boundaries());

    epochs.cutEnd(20);
    disk.losePower();
    assertThat(reloaded().boundaries()).containsExactly(new Boundary(1, 0), new Boundary(3, 10));
  }

  @Test
  void oneEpochNeedsNoFile() throws IOException {
    Files.delete(folder.resolve(LeaderEpochs.FILE_NAME));
    LeaderEpochs first = LeaderEpochs.empty(disk, folder);

    assertThat(first.begin(1, 0)).isFalse();
    assertThat(first.sole()).isEqualTo(1);
    first.store();
    assertThat(LeaderEpochs.load(disk, folder)).isEmpty();

    assertThat(first.begin(2, 10)).isTrue();
    assertThat(first.sole()).isEqualTo(-1);
    assertThat(reloaded().boundaries()).containsExactly(new Boundary(1, 0), new Boundary(2, 10));
  }

  @Test
  void theFirstEpochAfterACutToNothingDoesNotWait() throws IOException {
    epochs.cutEnd(0);

    epochs.begin(7, 0);

    disk.losePower();
    assertThat(reloaded().latest()).isEqualTo(7);
  }

  @Test
  void theEndIsCutWithTheLog() throws IOException {
    epochs.cutEnd(21);
    assertThat(epochs.latest()).isEqualTo(4);
    epochs.cutEnd(20);
    assertThat(epochs.latest()).isEqualTo(3);
    epochs.cutEnd(0);
    assertThat(epochs.latest()).isEqualTo(-1);
  }

  @Test
  void theStartIsCutWithTheLog() throws IOException {
    epochs.cutStart(9);
    assertThat(epochs.boundaries()).hasSize(3);
    epochs.cutStart(10);
    assertThat(epochs.boundaries()).containsExactly(new Boundary(3, 10), new Boundary(4, 20));
    epochs.cutStart(1000);
    assertThat(epochs.boundaries()).containsExactly(new Boundary(4, 20));
  }

  @Test
  void anEpochThatCannotBeWrittenHasNotBegun() {
    disk.freeBytes(3);

    assertThatThrownBy(() -> epochs.begin(5, 30)).isInstanceOf(IOException.class);

    assertThat(epochs.latest()).isEqualTo(4);
  }

  @Test
  void aFileWithAnyBitFlippedOrCutIsNoFile() throws IOException {
    Path file = folder.resolve(LeaderEpochs.FILE_NAME);
    byte[] good = Files.readAllBytes(file);
    for (int i = 0; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= (byte) (1 << (i % 8));
      Files.write(file, bad);
      assertThat(LeaderEpochs.load(disk, folder)).as("byte %d", i).isEmpty();
      Files.write(file, java.util.Arrays.copyOf(good, i));
      assertThat(LeaderEpochs.load(disk, folder)).as("cut to %d", i).isEmpty();
    }
    Files.delete(file);
    assertThat(LeaderEpochs.load(disk, folder)).isEmpty();
  }

  private LeaderEpochs reloaded() throws IOException {
    return LeaderEpochs.load(disk, folder).orElseThrow();
  }
}
