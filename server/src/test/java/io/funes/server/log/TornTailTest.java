package io.funes.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.record.BatchLayout;
import io.funes.server.testing.TestBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process dies in the middle of a write, or a disk returns other bytes than it was given. */
class TornTailTest {
  @TempDir Path folder;
  private LogFixture f;
  private byte[] two;
  private byte[] three;

  @BeforeEach
  void writeThreeBatches() throws IOException {
    f = LogFixture.opened(folder);
    f.append(TestBatch.of("a", "b").producer(7, 0, 0), 1);
    f.append(TestBatch.of("c").producer(7, 0, 2), 1);
    two = Files.readAllBytes(f.file(0, ".log"));
    f.append(TestBatch.of("d", "e").producer(7, 0, 3), 2);
    three = Files.readAllBytes(f.file(0, ".log"));
  }

  @AfterEach
  void close() throws IOException {
    f.close();
  }

  @Test
  void aTailTornAtAnyByteIsCut() throws IOException {
    for (int length = two.length; length < three.length; length++) {
      startWith(Arrays.copyOf(three, length));
      assertTwoBatches("cut to " + length);
    }
    startWith(three);
    assertThat(f.values()).containsExactly("a", "b", "c", "d", "e");
  }

  @Test
  void aTailOfZerosIsCut() throws IOException {
    for (int zeros = 1; zeros < 300; zeros += 13) {
      startWith(Arrays.copyOf(two, two.length + zeros));
      assertTwoBatches(zeros + " zeros");
    }
  }

  @Test
  void theRestOfABatchLeftAsZerosIsCut() throws IOException {
    for (int written = two.length; written < three.length; written++) {
      byte[] bytes = three.clone();
      Arrays.fill(bytes, written, three.length, (byte) 0);
      if (!Arrays.equals(bytes, three)) {
        startWith(bytes);
        assertTwoBatches("zeros from " + written);
      }
    }
  }

  @Test
  void aTailOfGarbageIsCut() throws IOException {
    Random random = new Random(1);
    for (int round = 0; round < 50; round++) {
      byte[] bytes = Arrays.copyOf(two, two.length + 1 + random.nextInt(400));
      byte[] garbage = new byte[bytes.length - two.length];
      random.nextBytes(garbage);
      garbage[0] = round % 2 == 0 ? BatchLayout.ENTRY_TAG : garbage[0];
      System.arraycopy(garbage, 0, bytes, two.length, garbage.length);
      startWith(bytes);
      assertTwoBatches("round " + round);
    }
  }

  @Test
  void aBitFlippedAnywhereInTheLastBatchCutsIt() throws IOException {
    int batchAt = two.length + 2;
    for (int i = two.length; i < three.length; i++) {
      byte[] bytes = three.clone();
      bytes[i] ^= (byte) (1 << (i % 8));
      startWith(bytes);
      boolean appendTime = i >= batchAt + 15 && i < batchAt + 23;
      if (appendTime) {
        // The one field that nothing vouches for.
        assertThat(f.log.logEndOffset()).isEqualTo(5);
      } else {
        assertTwoBatches("byte " + i);
      }
    }
  }

  @Test
  void aBatchFromElsewhereInTheLogIsCut() throws IOException {
    byte[] repeated = Arrays.copyOf(two, 2 * two.length);
    System.arraycopy(two, 0, repeated, two.length, two.length);

    startWith(repeated);

    assertTwoBatches("repeated");
  }

  @Test
  void anEmptyFileIsAnEmptyLog() throws IOException {
    startWith(new byte[0]);

    assertThat(f.log.logEndOffset()).isZero();
    assertThat(f.log.producers().size()).isZero();
    f.append(TestBatch.of("new"), 3);
    assertThat(f.values()).containsExactly("new");
  }

  @Test
  void segmentsBehindABadBatchAreRemoved() throws IOException {
    f.segmentBytes(1);
    f.append(TestBatch.of("f"), 2);
    f.append(TestBatch.of("g"), 2);
    byte[] bytes = three.clone();
    bytes[bytes.length - 1]++;

    startWith(bytes);

    assertTwoBatches("bad batch before segments");
    assertThat(f.files(".log")).hasSize(1);
  }

  @Test
  void segmentsBehindAMissingOneAreRemoved() throws IOException {
    f.segmentBytes(1);
    f.append(TestBatch.of("f"), 2);
    f.append(TestBatch.of("g"), 2);
    Files.delete(f.file(5, ".log"));

    f.kill();

    assertThat(f.values()).containsExactly("a", "b", "c", "d", "e");
    f.append(TestBatch.of("h"), 2);
    assertThat(f.values()).endsWith("e", "h");
  }

  @Test
  void whatWasCutStaysAwayAfterTheNextStart() throws IOException {
    startWith(Arrays.copyOf(three, three.length - 1));
    f.append(TestBatch.of("new").producer(7, 0, 3), 2);

    f.kill();

    assertThat(f.values()).containsExactly("a", "b", "c", "new");
  }

  @Test
  void aLogShorterThanItsCheckpointIsReadInFull() throws IOException {
    f.checkpoint();

    startWith(two);

    assertTwoBatches("shorter");
  }

  /** The process is killed, and this is what it left. */
  private void startWith(byte[] segment) throws IOException {
    Files.write(f.file(0, ".log"), segment);
    Files.deleteIfExists(f.file(0, ".index"));
    f.leaderEpochMax = 2; // As the metadata has it.
    if (f.checkpoints.load(LogFixture.PARTITION).map(c -> c.coveredOffset() < 5).orElse(true)) {
      f.checkpoints.remove(LogFixture.PARTITION);
      f.checkpoints.flush();
    }
    f.kill();
  }

  private void assertTwoBatches(String what) throws IOException {
    assertThat(f.log.logEndOffset()).as(what).isEqualTo(3);
    assertThat(f.file(0, ".log")).as(what).hasBinaryContent(two);
    assertThat(f.values()).as(what).containsExactly("a", "b", "c");
    assertThat(f.log.producers().check(7, 0, 2, 1))
        .as(what)
        .isEqualTo(new Verdict.Duplicate(2, 2, 0));
    assertThat(f.log.producers().check(7, 0, 3, 2)).as(what).isEqualTo(new Verdict.Fresh());
    assertThat(f.log.lastEpoch()).as(what).isEqualTo(1);
  }
}
