package io.funes.server.log.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.server.testing.FaultySegmentFiles;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The fixture keeps the contract until it is told to fail, and then fails as a disk does. */
class FaultySegmentFileTest extends SegmentFileContract {
  private final FaultySegmentFiles disk = new FaultySegmentFiles();

  @Override
  SegmentFiles files() {
    return disk;
  }

  @Test
  void aFullDiskLeavesNoTornTail() throws IOException {
    try (SegmentFile file = disk.open(path())) {
      file.append(bytes("abc"));
      disk.freeBytes(2);

      var refused = bytes("defg");
      assertThatThrownBy(() -> file.append(refused)).hasMessage("No space left on device");

      assertThat(refused.remaining()).isEqualTo(4);
      assertThat(file.size()).isEqualTo(3);
      assertThat(path()).hasContent("abc");
      disk.freeBytes(Long.MAX_VALUE);
      file.append(refused);
      assertThat(path()).hasContent("abcdefg");
    }
  }

  @Test
  void aTornTailThatStaysIsReported() throws IOException {
    try (SegmentFile file = disk.open(path())) {
      disk.freeBytes(2);
      disk.failCut(true);

      assertThatThrownBy(() -> file.append(bytes("defg")))
          .hasMessageEndingWith("has a torn tail that cannot be cut");
    }
  }

  @Test
  void aFailedSyncIsReported() throws IOException {
    try (SegmentFile file = disk.open(path())) {
      file.append(bytes("abc"));
      disk.failSync(true);

      assertThatThrownBy(file::force).hasMessage("Input/output error");
    }
  }

  @Test
  void aLossOfPowerTakesWhatWasNotSynced() throws IOException {
    SegmentFile file = disk.open(path());
    file.append(bytes("kept"));
    file.force();
    file.append(bytes("lost"));
    disk.replace(folder.resolve("durable"), bytes("kept"), true);
    disk.replace(folder.resolve("index"), bytes("lost"), false);

    disk.losePower();

    assertThat(path()).hasContent("kept");
    assertThat(folder.resolve("durable")).hasContent("kept");
    assertThat(folder.resolve("index")).isEmptyFile();
    assertThatThrownBy(() -> file.append(bytes("x"))).isInstanceOf(IOException.class);
  }
}
