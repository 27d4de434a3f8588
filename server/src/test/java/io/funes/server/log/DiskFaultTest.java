package io.funes.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.RefusedException;
import io.funes.server.testing.LoggedLines;
import io.funes.server.testing.TestBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full, and one that is broken. */
class DiskFaultTest {
  @TempDir Path folder;
  private LogFixture f;

  @BeforeEach
  void open() throws IOException {
    f = LogFixture.opened(folder);
    f.append(TestBatch.of("a").producer(7, 0, 0), 0);
  }

  @AfterEach
  void close() throws IOException {
    f.close();
  }

  @Test
  void aFullDiskRefusesAppendsAtAnyByteAndNothingElse() throws IOException {
    byte[] before = Files.readAllBytes(f.file(0, ".log"));
    ByteBuffer entry = TestBatch.of("b").producer(7, 0, 1).entry();
    for (int free = 0; free < entry.remaining(); free++) {
      f.disk.freeBytes(free);

      assertRefused(ErrorCode.DISK_FULL, () -> f.log.append(entry, 0, 0));

      assertThat(f.file(0, ".log")).hasBinaryContent(before);
      assertThat(f.log.logEndOffset()).isEqualTo(1);
      assertThat(f.values()).containsExactly("a");
      assertThat(f.log.producers().check(7, 0, 1, 1)).isEqualTo(new Verdict.Fresh());
    }
    f.disk.freeBytes(Long.MAX_VALUE);
    assertThat(f.log.append(entry, 0, 0)).isEqualTo(new Appended(1, 1));
    f.kill();
    assertThat(f.values()).containsExactly("a", "b");
  }

  @Test
  void aFullDiskSaysWhatToDo() {
    f.disk.freeBytes(0);

    assertThatThrownBy(() -> f.append("b")).hasMessageContaining("free space");
  }

  /** Its log is on a disk too, perhaps on this one. */
  @Test
  void aFullDiskIsToldOnceHoweverManyAppendsItRefuses() throws IOException {
    try (LoggedLines logged = new LoggedLines(LogHealth.class)) {
      f.disk.freeBytes(0);
      for (int i = 0; i < 100; i++) {
        assertRefused(ErrorCode.DISK_FULL, () -> f.append("b"));
      }
      f.disk.freeBytes(Long.MAX_VALUE);
      f.append("b");
      f.append("c");

      assertThat(logged.all()).hasSize(2);
      assertThat(logged.all().getFirst()).startsWith("WARN").contains("the disk is full");
      assertThat(logged.all().getLast()).startsWith("INFO").endsWith("there is room again");
    }
  }

  @Test
  void aFullDiskWhereASegmentBeginsIsRecovered() throws IOException {
    f.segmentBytes(1);
    f.disk.freeBytes(0);
    assertRefused(ErrorCode.DISK_FULL, () -> f.append("b"));
    assertRefused(ErrorCode.DISK_FULL, () -> f.append("b"));
    assertThat(f.values()).containsExactly("a");

    f.disk.freeBytes(Long.MAX_VALUE);
    f.append("b");
    f.append("c");

    f.restart();
    assertThat(f.values()).containsExactly("a", "b", "c");
  }

  @Test
  void aFullDiskWhereAnEpochBeginsIsRecovered() throws IOException {
    f.disk.freeBytes(10);
    assertRefused(ErrorCode.DISK_FULL, () -> f.append(TestBatch.of("b"), 1));

    f.disk.freeBytes(Long.MAX_VALUE);
    f.append(TestBatch.of("b"), 1);

    assertThat(f.values()).containsExactly("a", "b");
  }

  @Test
  void aCheckpointOnAFullDiskCostsOnlyTime() throws IOException {
    f.append("b");
    f.disk.freeBytes(0);
    f.checkpoint();
    assertThat(f.files(".index")).isEmpty();

    f.disk.freeBytes(Long.MAX_VALUE);
    f.kill();

    assertThat(f.values()).containsExactly("a", "b");
    assertThat(f.files(".index")).hasSize(1);
  }

  @Test
  void aFailedSyncTakesTheLogOutOfServiceForGood() throws IOException {
    f.disk.failSync(true);
    assertRefused(ErrorCode.STORAGE_FAILURE, () -> f.log.flush());
    f.disk.failSync(false);

    assertRefused(ErrorCode.STORAGE_FAILURE, () -> f.append("b"));
    assertRefused(ErrorCode.STORAGE_FAILURE, () -> f.log.read(0, 1, 1));
    assertRefused(ErrorCode.STORAGE_FAILURE, () -> f.log.flush());
    assertRefused(ErrorCode.STORAGE_FAILURE, () -> f.log.checkpoint());
    assertRefused(ErrorCode.STORAGE_FAILURE, () -> f.log.offsetForTime(0));
    assertRefused(ErrorCode.STORAGE_FAILURE, () -> f.log.applyRetention(0, 0));
    assertRefused(ErrorCode.STORAGE_FAILURE, () -> f.log.truncateTo(0));
    assertThat(f.log.flushedOffset()).isZero();
    assertThat(f.disk.syncs()).isZero();
  }

  @Test
  void aFailedSyncOfAFullSegmentCountsAsWell() throws IOException {
    f.segmentBytes(1);
    f.append("b");
    f.disk.failSync(true);
    f.time.runReady();
    f.disk.failSync(false);

    assertRefused(ErrorCode.STORAGE_FAILURE, () -> f.append("c"));
  }

  @Test
  void aLogOutOfServiceComesBackWithARestart() throws IOException {
    f.log.flush();
    f.append("b");
    f.disk.failSync(true);
    assertRefused(ErrorCode.STORAGE_FAILURE, () -> f.log.flush());
    f.disk.failSync(false);
    f.log.close();

    f.losePower();

    assertThat(f.values()).containsExactly("a");
    f.append("c");
    f.log.flush();
  }

  @Test
  void aTornTailThatCannotBeCutTakesTheLogOutOfService() throws IOException {
    f.disk.freeBytes(10);
    f.disk.failCut(true);

    assertRefused(ErrorCode.STORAGE_FAILURE, () -> f.append("b"));

    f.disk.freeBytes(Long.MAX_VALUE);
    f.disk.failCut(false);
    assertRefused(ErrorCode.STORAGE_FAILURE, () -> f.append("b"));
    f.kill();
    assertThat(f.values()).containsExactly("a");
  }

  @Test
  void aCutThatFailsLeavesNoFileOpen() throws IOException {
    f.segmentBytes(1);
    f.append("b");
    f.append("c");
    f.disk.failCut(true);

    assertRefused(ErrorCode.STORAGE_FAILURE, () -> f.log.truncateTo(0));
    f.log.close();

    assertThat(f.disk.openFiles()).isZero();
  }

  @Test
  void aClosedLogRefuses() throws IOException {
    f.log.close();

    assertRefused(ErrorCode.BROKER_UNAVAILABLE, () -> f.append("b"));
    assertRefused(ErrorCode.BROKER_UNAVAILABLE, () -> f.log.read(0, 1, 1));
  }

  private static void assertRefused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.refusal().code()).isEqualTo(code));
  }
}
