package io.funes.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.server.testing.TestBatch;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {
  @TempDir Path folder;
  private LogFixture f;
  private long segmentBytes;

  /** Ten segments of one batch of two records; times 1000, 2000, ... */
  @BeforeEach
  void write() throws IOException {
    f = LogFixture.opened(folder).segmentBytes(1);
    for (int i = 0; i < 10; i++) {
      f.append(TestBatch.of("a" + i, "b" + i).timeMs(1000L * (i + 1)), i / 4);
    }
    segmentBytes = f.log.sizeBytes() / 10;
  }

  @AfterEach
  void close() throws IOException {
    f.close();
  }

  @Test
  void nothingIsDeletedWithoutALimit() throws IOException {
    retain(-1, -1);

    assertThat(f.log.applyRetention(Long.MAX_VALUE, 20)).isZero();
  }

  @Test
  void bytesBeyondTheLimitAreDeletedButNeverMore() throws IOException {
    retain(-1, 3 * segmentBytes + 1);

    assertThat(f.log.applyRetention(0, 20)).isEqualTo(6);

    assertThat(f.log.sizeBytes()).isEqualTo(4 * segmentBytes);
    assertThat(f.log.logStartOffset()).isEqualTo(12);
    assertThat(f.files(".log")).hasSize(4);
    assertThat(f.log.applyRetention(0, 20)).isZero();
  }

  @Test
  void recordsOlderThanTheLimitAreDeleted() throws IOException {
    retain(5000, -1);

    assertThat(f.log.applyRetention(8000, 20)).isEqualTo(2);

    assertThat(f.values()).startsWith("a2", "b2").hasSize(16);
  }

  @Test
  void anIdleActiveSegmentIsDeletedWhenAllOfItIsTooOld() throws IOException {
    retain(5000, -1);

    assertThat(f.log.applyRetention(15_000, 20)).isEqualTo(9);
    assertThat(f.values()).as("its last record is 5000 ms old").containsExactly("a9", "b9");
    assertThat(f.log.applyRetention(15_001, 20)).isEqualTo(1);

    assertThat(f.log.logStartOffset()).isEqualTo(20);
    assertThat(f.log.logEndOffset()).isEqualTo(20);
    assertThat(f.files(".log")).containsExactly(f.file(20, ".log"));
    assertThat(f.log.applyRetention(15_001, 20)).as("an empty segment stays").isZero();
  }

  @Test
  void aLogThatLostAllItsRecordsGoesOnWhereItWas() throws IOException {
    retain(0, -1);
    f.log.applyRetention(Long.MAX_VALUE, 20);

    f.kill();
    assertThat(f.log.logEndOffset()).isEqualTo(20);
    f.losePower();
    assertThat(f.log.logEndOffset()).isEqualTo(20);
    assertThat(f.append(TestBatch.of("next"), 2).baseOffset()).isEqualTo(20);
    f.restart();

    assertThat(f.values()).containsExactly("next");
    assertThat(f.log.logStartOffset()).isEqualTo(20);
  }

  @Test
  void theNewSegmentIsDurableBeforeTheOldOnesGo() throws IOException {
    retain(0, -1);
    f.disk.failSync(true);

    assertThatThrownBy(() -> f.log.applyRetention(Long.MAX_VALUE, 20))
        .isInstanceOf(IOException.class);

    f.disk.failSync(false);
    assertThat(f.files(".log")).as("nothing is lost").contains(f.file(18, ".log"));
    assertThat(f.values()).hasSize(20);
    assertThat(f.log.applyRetention(Long.MAX_VALUE, 20)).isEqualTo(10);
  }

  @Test
  void aPartitionKeepsNothingWhereItMayHaveNoBytes() throws IOException {
    retain(-1, 0);

    assertThat(f.log.applyRetention(0, 20)).isEqualTo(10);

    assertThat(f.log.sizeBytes()).isZero();
  }

  @Test
  void nothingAboveTheHighWatermarkIsDeleted() throws IOException {
    retain(0, 0);

    assertThat(f.log.applyRetention(Long.MAX_VALUE, 5)).isEqualTo(2);
    assertThat(f.log.logStartOffset()).isEqualTo(4);
    assertThat(f.log.applyRetention(Long.MAX_VALUE, 19)).isEqualTo(7);

    assertThat(f.values()).as("the last batch ends at 20").containsExactly("a9", "b9");
  }

  @Test
  void epochsAreCutWithTheLog() throws IOException {
    retain(0, 0);
    f.log.applyRetention(Long.MAX_VALUE, 20);

    assertThat(f.epochs()).containsExactly(new LeaderEpochs.Boundary(2, 16));
  }

  @Test
  void aReaderFinishesWhatItHasBegun() throws IOException {
    LogSlice slice = f.log.read(0, 1 << 20, 20);
    retain(0, 0);
    f.log.applyRetention(Long.MAX_VALUE, 20);

    assertThat(LogFixture.batches(slice)).hasSize(1);

    slice.close();
    assertThatThrownBy(() -> LogFixture.batches(slice)).isInstanceOf(IOException.class);
  }

  @Test
  void aReadOfWhatWasDeletedSaysWhereTheLogStarts() throws IOException {
    retain(0, 0);
    f.log.applyRetention(Long.MAX_VALUE, 20);

    assertThatThrownBy(() -> f.log.read(3, 1 << 20, 20))
        .isInstanceOfSatisfying(
            OffsetGone.class, e -> assertThat(e.logStartOffset()).isEqualTo(20));
  }

  @Test
  void theStartSurvivesRestartsAndKills() throws IOException {
    retain(0, 0);
    f.log.applyRetention(Long.MAX_VALUE, 10);

    f.kill();
    assertThat(f.log.logStartOffset()).isEqualTo(10);
    f.restart();
    assertThat(f.log.logStartOffset()).isEqualTo(10);
    assertThat(f.values()).hasSize(10);
  }

  @Test
  void producersAreKnownWhenAllThatTheyWroteIsGone() throws IOException {
    f.append(TestBatch.of("x").producer(7, 0, 5), 2);
    retain(0, 0);
    f.log.applyRetention(Long.MAX_VALUE, 21);

    f.kill();

    assertThat(f.log.producers().check(7, 0, 5, 1)).isInstanceOf(Verdict.Duplicate.class);
  }

  private void retain(long ms, long bytes) {
    f.log.configure(new LogConfig(1, 3_600_000, ms, bytes, 256));
  }
}
