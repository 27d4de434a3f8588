package io.funes.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.RefusedException;
import io.funes.server.testing.TestBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are missing, cut, old or damaged in a log that was stopped cleanly. */
class DamagedFilesTest {
  @TempDir Path folder;
  private LogFixture f;
  private List<String> values;

  /** Some segments, 60 batches, times 0, 10, ..., 590, a leader epoch every 25 batches. */
  @BeforeEach
  void write() throws IOException {
    f = LogFixture.opened(folder).segmentBytes(2000);
    values = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      f.append(TestBatch.of("value " + i).timeMs(10L * i).producer(9, 0, i), i / 25);
      values.add("value " + i);
    }
    f.restart();
  }

  @AfterEach
  void close() throws IOException {
    f.close();
  }

  @Test
  void missingIndexesAreBuiltAgain() throws IOException {
    for (String suffix : List.of(".index", ".timeindex")) {
      f.log.close();
      for (Path file : f.files(suffix)) {
        Files.delete(file);
      }
      reopen();
      assertWhole(suffix);
      assertThat(f.files(suffix)).hasSize(f.files(".log").size());
    }
  }

  /** Another segment may have the name by then. */
  @Test
  void indexThatIsBuiltWhileItsSegmentIsDeletedIsNotStored() throws IOException {
    f.log.close();
    Files.delete(f.file(0, ".index"));
    reopen();

    f.disk.duringNextRead(this::restartLog);
    f.log.read(0, 1, 1).close();

    assertThat(f.log.logEndOffset()).isZero();
    assertThat(f.files("index")).isEmpty();
  }

  private void restartLog() {
    try {
      f.log.restartAt(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void indexesWithAnyByteDamagedAreBuiltAgain() throws IOException {
    for (String suffix : List.of(".index", ".timeindex")) {
      for (Path file : f.files(suffix)) {
        int size = (int) Files.size(file);
        for (int i = 0; i < size; i += 5) {
          f.log.close();
          flip(file, i);
          reopen();
          assertWhole("%s byte %d".formatted(file.getFileName(), i));
        }
      }
    }
  }

  @Test
  void anIndexOfAnotherSegmentIsBuiltAgain() throws IOException {
    f.log.close();
    List<Path> logs = f.files(".log");
    for (String suffix : List.of(".index", ".timeindex")) {
      Files.copy(
          f.files(suffix).get(0),
          f.files(suffix).get(1),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
    reopen();

    assertThat(logs).hasSizeGreaterThan(2);
    assertWhole("swapped");
  }

  @Test
  void indexesWithoutALogAndHalfWrittenFilesAreRemoved() throws IOException {
    f.log.close();
    Files.writeString(f.file(777, ".index"), "x");
    Files.writeString(f.folder.resolve("x.tmp"), "x");
    Files.writeString(f.folder.resolve("a note of the operator"), "x");
    reopen();

    assertWhole("orphans");
    assertThat(f.file(777, ".index")).doesNotExist();
    assertThat(f.folder.resolve("x.tmp")).doesNotExist();
    assertThat(f.folder.resolve("a note of the operator")).exists();
  }

  @Test
  void aLostCheckpointIsMadeAgain() throws IOException {
    f.log.close();
    f.checkpoints.remove(LogFixture.PARTITION);
    reopen();

    assertWhole("no checkpoint");
    assertThat(f.checkpoints.load(LogFixture.PARTITION).orElseThrow().coveredOffset())
        .isEqualTo(60);
  }

  @Test
  void aDamagedHeaderRefusesReadsThatMeetItAndNoOthers() throws IOException {
    f.log.close();
    long second =
        f.log.logStartOffset() + SegmentNames.baseOffset(f.files(".log").get(1)).getAsLong();
    flip(f.file(0, ".log"), 2);
    reopen();

    assertThatThrownBy(() -> f.log.read(0, 1 << 20, 60))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.refusal().code()).isEqualTo(ErrorCode.STORAGE_FAILURE));
    assertThat(f.valuesFrom(second, 1 << 20))
        .isEqualTo(values.subList((int) second, values.size()));
    f.append(TestBatch.of("still writable"), 5);
  }

  @Test
  void aCutOldSegmentLeavesAHoleThatReadsStepOver() throws IOException {
    f.log.close();
    byte[] bytes = Files.readAllBytes(f.file(0, ".log"));
    Files.write(f.file(0, ".log"), java.util.Arrays.copyOf(bytes, bytes.length / 2));
    long second = SegmentNames.baseOffset(f.files(".log").get(1)).getAsLong();
    reopen();

    LogSlice first = f.log.read(0, 1 << 20, 60);
    LogSlice next = f.log.read(first.nextOffset(), 1 << 20, 60);

    assertThat(first.firstOffset()).isZero();
    assertThat(first.nextOffset()).isBetween(1L, second - 1);
    assertThat(next.firstOffset()).isEqualTo(second);
    assertThat(f.log.logEndOffset()).isEqualTo(60);
  }

  private void reopen() throws IOException {
    f.time.clear();
    f.open();
  }

  private void assertWhole(String what) throws IOException {
    assertThat(f.values()).as(what).isEqualTo(values);
    assertThat(f.valuesFrom(31, 1)).as(what).isEqualTo(values.subList(31, 60));
    for (int i = 0; i < 60; i += 7) {
      assertThat(f.log.offsetForTime(10L * i)).as(what).hasValue(new TimedOffset(i, 10L * i));
    }
    assertThat(f.log.producers().check(9, 0, 59, 1)).isEqualTo(new Verdict.Duplicate(59, 59, 0));
  }

  private static void flip(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= (byte) (1 << (at % 8));
    Files.write(file, bytes);
  }
}
