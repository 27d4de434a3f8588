package io.funes.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.testing.TestBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clean stops, kills and losses of power. */
class RestartTest {
  @TempDir Path folder;
  private LogFixture f;

  @BeforeEach
  void open() throws IOException {
    f = LogFixture.opened(folder);
  }

  @AfterEach
  void close() throws IOException {
    f.close();
  }

  @Test
  void aCleanRestartReadsNothing() throws IOException {
    f.segmentBytes(1000);
    List<String> values = appendMany(50);

    long before = f.disk.bytesRead();
    f.restart();

    assertThat(f.disk.bytesRead()).isEqualTo(before);
    assertThat(f.log.logEndOffset()).isEqualTo(50);
    assertThat(f.log.flushedOffset()).isEqualTo(50);
    assertThat(f.values()).isEqualTo(values);
    f.append("next");
    assertThat(f.values()).hasSize(51).endsWith("next");
  }

  @Test
  void aRestartWithNothingNewWritesNothing() throws IOException {
    appendMany(10);
    f.restart();
    long syncs = f.disk.syncs();

    f.restart();
    f.restart();

    assertThat(f.disk.syncs()).isEqualTo(syncs);
  }

  @Test
  void aKilledLogComesBackWhole() throws IOException {
    f.segmentBytes(1000);
    List<String> values = appendMany(50);

    f.kill();

    assertThat(f.values()).isEqualTo(values);
    assertThat(f.log.flushedOffset()).isEqualTo(50);
  }

  @Test
  void aKilledLogReadsOnlyFromItsCheckpointOn() throws IOException {
    appendMany(500);
    f.checkpoint();
    long checkpointBytes = f.log.sizeBytes();
    f.append("after");
    long before = f.disk.bytesRead();

    f.kill();

    assertThat(f.disk.bytesRead() - before).isLessThan(checkpointBytes / 10);
    assertThat(f.log.logEndOffset()).isEqualTo(501);
  }

  @Test
  void aLossOfPowerTakesWhatWasNotFlushed() throws IOException {
    f.segmentBytes(1000);
    List<String> values = appendMany(50);
    f.log.flush();
    for (int i = 0; i < 30; i++) {
      f.append("lost " + i);
    }

    f.losePower();

    assertThat(f.log.logEndOffset()).isGreaterThanOrEqualTo(50);
    assertThat(f.values()).startsWith(values.toArray(String[]::new));
  }

  @Test
  void aLossOfPowerAfterACheckpointThatDidNotLastLosesNothingFlushed() throws IOException {
    List<String> values = appendMany(50);
    f.checkpoint();
    values.addAll(appendMany(20));
    f.log.checkpoint();
    f.append("lost");

    f.losePower();

    assertThat(f.values()).isEqualTo(values);
  }

  @Test
  void producersAreRememberedAcrossARestart() throws IOException {
    f.append(TestBatch.of("a", "b").producer(7, 1, 0));

    f.restart();

    assertThat(f.log.producers().check(7, 1, 0, 2)).isEqualTo(new Verdict.Duplicate(0, 1, 0));
    assertThat(f.log.producers().check(7, 1, 3, 1)).isEqualTo(new Verdict.Gap(2));
    assertThat(f.log.producers().check(7, 0, 0, 1)).isEqualTo(new Verdict.StaleEpoch(1));
  }

  @Test
  void producersAreRememberedAcrossAKill() throws IOException {
    f.append(TestBatch.of("a").producer(7, 0, 0));
    f.checkpoint();
    f.append(TestBatch.of("b").producer(7, 0, 1));
    f.append(TestBatch.of("c").producer(8, 0, 0));

    f.kill();

    assertThat(f.log.producers().check(7, 0, 0, 1)).isEqualTo(new Verdict.Duplicate(0, 0, 0));
    assertThat(f.log.producers().check(7, 0, 1, 1)).isEqualTo(new Verdict.Duplicate(1, 1, 0));
    assertThat(f.log.producers().check(8, 0, 0, 1)).isEqualTo(new Verdict.Duplicate(2, 2, 0));
    assertThat(f.log.producers().check(7, 0, 2, 1)).isInstanceOf(Verdict.Fresh.class);
  }

  @Test
  void producersThatWroteWhatWasLostAreForgottenWithIt() throws IOException {
    f.append(TestBatch.of("a").producer(7, 0, 0));
    f.checkpoint();
    f.append(TestBatch.of("b").producer(7, 0, 1));

    f.losePower();

    assertThat(f.log.producers().check(7, 0, 1, 1)).isInstanceOf(Verdict.Fresh.class);
    assertThat(f.values()).containsExactly("a");
  }

  @Test
  void epochsAreReadFromALogThatNeverMadeACheckpoint() throws IOException {
    f.append(TestBatch.of("a"), 4);
    f.log.flush();

    f.losePower();

    f.append(TestBatch.of("b"), 5);
    assertThat(f.epochs())
        .containsExactly(new LeaderEpochs.Boundary(4, 0), new LeaderEpochs.Boundary(5, 1));
    assertThat(f.values()).containsExactly("a", "b");
  }

  @Test
  void epochsAreInTheCheckpoint() throws IOException {
    f.append(TestBatch.of("a"), 4);
    f.restart();

    f.append(TestBatch.of("b"), 5);

    assertThat(f.epochs())
        .containsExactly(new LeaderEpochs.Boundary(4, 0), new LeaderEpochs.Boundary(5, 1));
  }

  @Test
  void aCheckpointAheadOfTheLogIsDiscarded() throws IOException {
    f.append(TestBatch.of("a").producer(7, 0, 0));
    f.checkpoint();
    ProducerCheckpoint ahead = f.log.producers().checkpoint(99, List.of());
    f.append(TestBatch.of("b").producer(7, 0, 1));
    f.checkpoints.store(LogFixture.PARTITION, ahead);
    f.checkpoints.flush();

    f.kill();

    assertThat(f.log.logEndOffset()).isEqualTo(2);
    assertThat(f.log.producers().check(7, 0, 1, 1)).isEqualTo(new Verdict.Duplicate(1, 1, 0));
  }

  @Test
  void aCheckpointOfALogThatIsGoneIsDiscarded() throws IOException {
    f.append(TestBatch.of("a").producer(7, 0, 0));
    f.checkpoint();
    Files.delete(f.file(0, ".log"));

    f.kill();

    assertThat(f.log.logEndOffset()).isZero();
    assertThat(f.log.producers().size()).isZero();
    f.append("new");
    f.restart();
    assertThat(f.values()).containsExactly("new");
  }

  @Test
  void aSegmentThatDoesNotContinueTheLogDoesNotComeBack() throws IOException {
    appendMany(5);
    f.segmentBytes(1).append("stray");
    byte[] stray = Files.readAllBytes(f.file(5, ".log"));
    f.log.truncateTo(3);
    f.log.close();
    f.checkpoints.flush();
    Files.write(f.file(5, ".log"), stray);
    f.segmentBytes(1000).kill();
    assertThat(f.log.logEndOffset()).isEqualTo(3);

    appendMany(2);
    f.log.flush();
    f.losePower();

    assertThat(f.values()).hasSize(5).doesNotContain("stray");
  }

  @Test
  void theFirstOffsetAndTheEpochsSurvive() throws IOException {
    f.segmentBytes(400);
    for (int i = 0; i < 20; i++) {
      f.append(TestBatch.of("x".repeat(100)), i / 5);
    }
    f.log.configure(new LogConfig(400, 1000, -1, 1000, 100));
    assertThat(f.log.applyRetention(0, 20)).isPositive();
    long start = f.log.logStartOffset();

    f.restart();

    assertThat(f.log.logStartOffset()).isEqualTo(start).isPositive();
    assertThat(f.log.lastEpoch()).isEqualTo(3);
    f.kill();
    assertThat(f.log.logStartOffset()).isEqualTo(start);
  }

  private List<String> appendMany(int count) throws IOException {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String value = "value " + i + " " + "x".repeat(i % 17);
      f.append(value);
      values.add(value);
    }
    return values;
  }
}
