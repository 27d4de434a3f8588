package io.funes.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.server.testing.TestBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TruncateTest {
  @TempDir Path folder;
  private LogFixture f;

  /** 20 batches of two records in segments of a few; an epoch and a producer change on the way. */
  @BeforeEach
  void write() throws IOException {
    f = LogFixture.opened(folder).segmentBytes(500);
    for (int i = 0; i < 20; i++) {
      f.append(TestBatch.of("a" + i, "b" + i).producer(7, i / 10, i % 10 * 2), i / 5);
    }
    f.time.runReady();
  }

  @AfterEach
  void close() throws IOException {
    f.close();
  }

  @Test
  void theLogEndsAtTheOffset() throws IOException {
    for (long end : new long[] {38, 26, 24, 2, 0}) {
      f.log.truncateTo(end);
      assertThat(f.log.logEndOffset()).isEqualTo(end);
      assertThat(f.values()).hasSize((int) end);
    }
    assertThat(f.append(TestBatch.of("new"), 9)).isEqualTo(new Appended(0, 0));
    assertThat(f.values()).containsExactly("new");
  }

  @Test
  void aBatchThatHoldsTheOffsetGoesAsAWhole() throws IOException {
    f.log.truncateTo(25);

    assertThat(f.log.logEndOffset()).isEqualTo(24);
  }

  @Test
  void anOffsetAtOrAboveTheEndCutsNothing() throws IOException {
    f.log.truncateTo(40);
    f.log.truncateTo(99);

    assertThat(f.log.logEndOffset()).isEqualTo(40);
    assertThatThrownBy(() -> f.log.truncateTo(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void epochsAreCutToo() throws IOException {
    f.log.truncateTo(20);
    assertThat(f.log.lastEpoch()).isEqualTo(1);

    f.append(TestBatch.of("new"), 2);
    assertThat(f.epochs()).endsWith(new LeaderEpochs.Boundary(2, 20));
  }

  @Test
  void producersAreCutToo() throws IOException {
    f.log.truncateTo(22);
    assertThat(f.log.producers().check(7, 1, 0, 2)).isEqualTo(new Verdict.Duplicate(20, 21, 0));
    assertThat(f.log.producers().check(7, 1, 2, 2)).isEqualTo(new Verdict.Fresh());

    f.log.truncateTo(20);
    assertThat(f.log.producers().check(7, 0, 18, 2)).isEqualTo(new Verdict.Duplicate(18, 19, 0));
    assertThat(f.log.producers().check(7, 1, 0, 2)).isEqualTo(new Verdict.Fresh());
  }

  @Test
  void producersAreCutToACheckpointBelowTheOffset() throws IOException {
    f.log.truncateTo(10);
    f.checkpoint();
    f.append(TestBatch.of("x").producer(8, 0, 0), 9);
    f.append(TestBatch.of("y").producer(8, 0, 1), 9);

    f.log.truncateTo(11);

    assertThat(f.log.producers().check(8, 0, 0, 1)).isEqualTo(new Verdict.Duplicate(10, 10, 0));
    assertThat(f.log.producers().check(8, 0, 1, 1)).isEqualTo(new Verdict.Fresh());
    assertThat(f.log.producers().check(7, 0, 8, 2)).isEqualTo(new Verdict.Duplicate(8, 9, 0));
  }

  @Test
  void nothingStoredSpeaksOfWhatWasCut() throws IOException {
    f.checkpoint();
    f.log.truncateTo(24);
    for (int i = 0; i < 20; i++) {
      f.append(TestBatch.of("new" + i).producer(9, 0, i), 9);
    }
    f.log.flush();

    f.losePower();

    assertThat(f.log.logEndOffset()).isEqualTo(44);
    assertThat(f.values()).hasSize(44).endsWith("new18", "new19");
    assertThat(f.log.producers().check(9, 0, 19, 1)).isEqualTo(new Verdict.Duplicate(43, 43, 0));
    assertThat(f.log.producers().check(7, 1, 2, 2)).isEqualTo(new Verdict.Duplicate(22, 23, 0));
    assertThat(f.log.producers().check(7, 1, 4, 2)).isEqualTo(new Verdict.Fresh());
  }

  @Test
  void aCutReadsOnlyWhatIsNearIt() throws IOException {
    f.segmentBytes(1 << 20);
    for (int i = 0; i < 3000; i++) {
      f.append(TestBatch.of("value " + i).producer(10 + i % 4, 0, i / 4), 9);
    }
    long end = f.log.logEndOffset();
    long before = f.disk.bytesRead();

    f.log.truncateTo(end - 7);

    assertThat(f.log.sizeBytes()).isGreaterThan(200_000);
    assertThat(f.disk.bytesRead() - before).isLessThan(4 * ReadBuffers.WINDOW_BYTES);
    assertThat(f.log.producers().check(10, 0, 748, 1)).isInstanceOf(Verdict.Duplicate.class);
    assertThat(f.log.producers().check(11, 0, 748, 1)).isEqualTo(new Verdict.Fresh());
  }

  /** Else each change of leaders would leave its followers with one more. */
  @Test
  void aCutBeginsNoSegment() throws IOException {
    f.segmentBytes(1 << 20);
    for (int i = 0; i < 300; i++) {
      f.append(TestBatch.of("value " + i), 9);
    }
    int segments = f.files(".log").size();

    f.log.truncateTo(f.log.logEndOffset() - 7);
    f.append(TestBatch.of("new"), 10);

    assertThat(f.files(".log")).hasSize(segments);
  }

  @Test
  void aProducerOfMoreThanIsRememberedIsReadAgainFromTheCheckpointOn() throws IOException {
    f.segmentBytes(1 << 20);
    for (int i = 0; i < 3000; i++) {
      f.append(TestBatch.of("value " + i).producer(10, 0, i), 9);
      if (i == 2900) {
        f.checkpoint();
      }
    }
    long end = f.log.logEndOffset();
    long before = f.disk.bytesRead();

    f.log.truncateTo(end - 7);

    assertThat(f.disk.bytesRead() - before).isLessThan(10 * ReadBuffers.WINDOW_BYTES);
    assertThat(f.log.producers().check(10, 0, 2993, 1)).isEqualTo(new Verdict.Fresh());
    assertThat(f.log.producers().check(10, 0, 2988, 1)).isInstanceOf(Verdict.Duplicate.class);
    assertThat(f.log.producers().check(10, 0, 2994, 1)).isEqualTo(new Verdict.Gap(2993));
  }

  @Test
  void aCutSyncsTheFolderOnceAndOnlyWhereAFileIsGone() throws IOException {
    f.segmentBytes(1 << 20);
    f.append(TestBatch.of("a"), 9);
    f.append(TestBatch.of("b"), 9);
    f.checkpoint();
    f.append(TestBatch.of("c"), 9);
    long before = f.disk.folderSyncs();

    f.log.truncateTo(99);
    f.log.truncateTo(42);
    assertThat(f.disk.folderSyncs()).as("the stored index ends there").isEqualTo(before);

    f.log.truncateTo(41);
    assertThat(f.disk.folderSyncs()).as("the stored index is gone").isEqualTo(before + 1);

    f.log.truncateTo(4);
    assertThat(f.disk.folderSyncs()).as("segments are gone").isEqualTo(before + 2);
  }

  @Test
  void anIndexThatEndsBeforeTheCutIsStillOfUse() throws IOException {
    f.segmentBytes(1 << 20);
    f.log.truncateTo(0);
    appendOfBytes(500, 10);
    f.checkpoint();
    appendOfBytes(20, 10);

    f.log.truncateTo(510);
    appendOfBytes(20, 90);
    long before = f.disk.bytesRead();
    f.kill();

    assertThat(f.disk.bytesRead() - before).isLessThan(f.log.sizeBytes() / 2);
    assertThat(f.values()).hasSize(530).endsWith("x".repeat(90));
  }

  /** An index of what was cut would have the log end in the middle of a batch. */
  @Test
  void anIndexOfWhatWasCutDoesNotComeBack() throws IOException {
    f.log.truncateTo(0);
    f.segmentBytes(1 << 20);
    appendOfBytes(30, 10);
    f.checkpoint();
    f.disk.writeBack();

    f.log.truncateTo(10);
    appendOfBytes(50, 77);
    f.checkpoint();
    f.losePower();

    assertThat(f.values()).hasSize(60).endsWith("x".repeat(77));
    appendOfBytes(1, 10);
    f.kill();
    assertThat(f.values()).hasSize(61);
  }

  /** A file's cut lasts with its next sync. Until then the old end may follow what was appended. */
  @Test
  void whatWasCutAndStandsBehindNewerBatchesIsCutAgain() throws IOException {
    f.log.configure(new LogConfig(1 << 20, Long.MAX_VALUE, -1, -1, 256));
    f.log.truncateTo(0);
    for (int i = 0; i < 10; i++) {
      f.append(TestBatch.of("old" + i), 1);
    }
    byte[] old = Files.readAllBytes(f.file(0, ".log"));
    f.log.truncateTo(5);
    f.append(TestBatch.of("new5"), 2);
    assertThat(f.files(".log")).hasSize(1);
    byte[] mixed = old.clone();
    byte[] now = Files.readAllBytes(f.file(0, ".log"));
    System.arraycopy(now, 0, mixed, 0, now.length);
    Files.write(f.file(0, ".log"), mixed);

    f.kill();

    assertThat(f.values()).containsExactly("old0", "old1", "old2", "old3", "old4", "new5");
    assertThat(f.log.lastEpoch()).isEqualTo(2);
  }

  private void appendOfBytes(int batches, int bytes) throws IOException {
    for (int i = 0; i < batches; i++) {
      f.append(TestBatch.of(1, bytes), 9);
    }
  }

  @Test
  void theFlushedOffsetGoesBackWithTheEnd() throws IOException {
    f.log.flush();
    f.log.truncateTo(24);
    assertThat(f.log.flushedOffset()).isEqualTo(24);

    f.append(TestBatch.of("new"), 9);
    f.log.flush();
    assertThat(f.log.flushedOffset()).isEqualTo(25);
  }
}
