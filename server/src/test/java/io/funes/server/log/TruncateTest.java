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
  void theFlushedOffsetGoesBackWithTheEnd() throws IOException {
    f.log.flush();
    f.log.truncateTo(24);
    assertThat(f.log.flushedOffset()).isEqualTo(24);

    f.append(TestBatch.of("new"), 9);
    f.log.flush();
    assertThat(f.log.flushedOffset()).isEqualTo(25);
  }
}
