package io.funes.server.log.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every disk under a log does. */
abstract class SegmentFileContract {
  @TempDir Path folder;
  SegmentFiles files;

  abstract SegmentFiles files();

  @BeforeEach
  void begin() {
    files = files();
  }

  @Test
  void appendsGoToTheEnd() throws IOException {
    try (SegmentFile file = files.open(path())) {
      file.append(bytes("one"));
      file.append(bytes("two"));

      assertThat(file.size()).isEqualTo(6);
      assertThat(file.path()).isEqualTo(path());
      assertThat(text(file, 0, 6)).isEqualTo("onetwo");
      assertThat(text(file, 2, 2)).isEqualTo("et");
    }
    assertThat(path()).hasContent("onetwo");
  }

  @Test
  void anAppendTakesWhatRemainsInTheBuffer() throws IOException {
    try (SegmentFile file = files.open(path())) {
      ByteBuffer buffer = bytes("a middle z").position(2).limit(8);
      file.append(buffer);

      assertThat(buffer.hasRemaining()).isFalse();
      assertThat(text(file, 0, 100)).isEqualTo("middle");
    }
  }

  @Test
  void aReadStopsAtTheEnd() throws IOException {
    try (SegmentFile file = files.open(path())) {
      file.append(bytes("abc"));

      assertThat(file.read(ByteBuffer.allocate(10), 1)).isEqualTo(2);
      assertThat(file.read(ByteBuffer.allocate(10), 3)).isZero();
      assertThat(file.read(ByteBuffer.allocate(10), 99)).isZero();
    }
  }

  @Test
  void aFileIsFoundAgainWithItsSize() throws IOException {
    try (SegmentFile file = files.open(path())) {
      file.append(bytes("abc"));
      file.force();
    }
    try (SegmentFile file = files.open(path())) {
      assertThat(file.size()).isEqualTo(3);
      file.append(bytes("d"));
      assertThat(text(file, 0, 10)).isEqualTo("abcd");
    }
  }

  @Test
  void whoHoldsAFileReadsItAfterItWasDeletedAndClosed() throws IOException {
    SegmentFile file = files.open(path());
    file.append(bytes("abc"));
    assertThat(file.hold()).isTrue();
    assertThat(file.hold()).isTrue();

    files.delete(path());
    file.close();
    assertThat(file.hold()).as("after the close").isFalse();
    file.release();
    assertThat(text(file, 0, 10)).isEqualTo("abc");

    file.release();
    assertThatThrownBy(() -> text(file, 0, 10)).isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void aCutFileGoesOnFromTheCut() throws IOException {
    try (SegmentFile file = files.open(path())) {
      file.append(bytes("abcdef"));
      file.truncate(2);
      file.append(bytes("z"));

      assertThat(file.size()).isEqualTo(3);
      assertThat(text(file, 0, 10)).isEqualTo("abz");
      assertThatThrownBy(() -> file.truncate(4)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aReaderOfADeletedFileGoesOn() throws IOException {
    try (SegmentFile file = files.open(path())) {
      file.append(bytes("abc"));
      files.delete(path());

      assertThat(path()).doesNotExist();
      assertThat(text(file, 0, 10)).isEqualTo("abc");
    }
  }

  @Test
  void aClosedFileIsNotOpenedAgain() throws IOException {
    SegmentFile file = files.open(path());
    file.append(bytes("abc"));
    file.close();
    file.close();

    assertThatThrownBy(() -> text(file, 0, 3)).isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void anInterruptStopsNobody() throws IOException {
    try (SegmentFile file = files.open(path())) {
      file.append(bytes("abc"));
      Thread.currentThread().interrupt();

      assertThat(text(file, 0, 3)).isEqualTo("abc");
      file.append(bytes("d"));
      file.force();

      assertThat(Thread.interrupted()).isTrue();
      assertThat(text(file, 0, 4)).isEqualTo("abcd");
    }
  }

  @Test
  void aSmallFileIsReplacedAsAWhole() throws IOException {
    files.replace(path(), bytes("a long first content"), true);
    files.replace(path(), bytes("second"), false);

    assertThat(files.load(path())).hasValue(bytes("second"));
    assertThat(files.list(folder)).containsExactly(path());
    assertThat(files.load(folder.resolve("other"))).isEmpty();
  }

  @Test
  void aFolderIsListedByNameAndMadeWhenMissing() throws IOException {
    Path inner = folder.resolve("a/b");
    assertThat(files.list(inner)).isEmpty();

    files.open(inner.resolve("2")).close();
    files.open(inner.resolve("1")).close();
    files.forceFolder(inner);

    assertThat(files.list(inner)).containsExactly(inner.resolve("1"), inner.resolve("2"));
    files.delete(inner.resolve("1"));
    files.delete(inner.resolve("1"));
    files.delete(inner.resolve("2"));
    files.deleteFolder(inner);
    assertThat(Files.exists(inner)).isFalse();
  }

  Path path() {
    return folder.resolve("file");
  }

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  static String text(SegmentFile file, long position, int bytesMax) throws IOException {
    ByteBuffer target = ByteBuffer.allocateDirect(bytesMax);
    file.read(target, position);
    return StandardCharsets.UTF_8.decode(target.flip()).toString();
  }
}
