package io.funes.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.proto.v1.RecordBatch;
import io.funes.server.common.RefusedException;
import io.funes.server.record.Codec;
import io.funes.server.testing.TestBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionLogTest {
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
  void appendsAreReadBackWithOffsetsEpochAndAppendTime() throws IOException {
    assertThat(f.log.append(TestBatch.of("a", "b").entry(), 4, 77)).isEqualTo(new Appended(0, 1));
    assertThat(f.log.append(TestBatch.of("c").entry(), 5, 0)).isEqualTo(new Appended(2, 2));

    List<RecordBatch> batches = LogFixture.batches(f.log.read(0, 1 << 20, 3));

    assertThat(batches).extracting(RecordBatch::getBaseOffset).containsExactly(0L, 2L);
    assertThat(batches).extracting(RecordBatch::getLeaderEpoch).containsExactly(4, 5);
    assertThat(batches).extracting(RecordBatch::getAppendTimeMs).containsExactly(77L, 0L);
    assertThat(f.log.logEndOffset()).isEqualTo(3);
    assertThat(f.log.logStartOffset()).isZero();
    assertThat(f.values()).containsExactly("a", "b", "c");
  }

  @Test
  void aSegmentFileIsAProtobufMessage() throws IOException {
    f.append("a", "b");
    f.append("c");

    byte[] file = Files.readAllBytes(f.file(0, ".log"));

    assertThat(LogFixture.parse(file)).hasSize(2);
    assertThat(f.log.sizeBytes()).isEqualTo(file.length);
  }

  @Test
  void aReadBeginsWithTheBatchThatHoldsTheOffset() throws IOException {
    f.append("a", "b", "c");
    f.append("d");

    LogSlice slice = f.log.read(1, 1 << 20, 4);

    assertThat(slice.firstOffset()).isZero();
    assertThat(slice.nextOffset()).isEqualTo(4);
    assertThat(slice.recordCount()).isEqualTo(4);
    assertThat(slice.length()).isEqualTo(f.log.sizeBytes());
    assertThat(slice.bytes().remaining()).isEqualTo(slice.length());
  }

  @Test
  void aReadTakesWholeBatchesWithinItsBytesButAtLeastOne() throws IOException {
    for (int i = 0; i < 10; i++) {
      f.append(TestBatch.of(2, 100));
    }
    int batchBytes = (int) f.log.sizeBytes() / 10;

    assertThat(f.log.read(0, 3 * batchBytes + 5, 20).length()).isEqualTo(3 * batchBytes);
    assertThat(f.log.read(0, 3 * batchBytes, 20).nextOffset()).isEqualTo(6);
    assertThat(f.log.read(7, 1, 20).length()).isEqualTo(batchBytes);
    assertThat(f.log.read(7, 1, 20).nextOffset()).isEqualTo(8);
    assertThat(f.log.read(18, 1 << 20, 20).length()).isEqualTo(batchBytes);
  }

  @Test
  void aReadStopsBeforeTheBatchThatReachesTheLimit() throws IOException {
    f.append("a", "b");
    f.append("c", "d");
    f.append("e");

    assertThat(f.log.read(0, 1 << 20, 4).nextOffset()).isEqualTo(4);
    assertThat(f.log.read(0, 1 << 20, 3).nextOffset()).isEqualTo(2);
    assertThat(f.log.read(2, 1 << 20, 2).isEmpty()).isTrue();
    assertThat(f.log.read(5, 1 << 20, 5).isEmpty()).isTrue();
    assertThat(f.log.read(0, 1 << 20, 1).isEmpty()).isTrue();
  }

  @Test
  void aFullSegmentIsFollowedByANewOne() throws IOException {
    f.segmentBytes(500);
    for (int i = 0; i < 10; i++) {
      f.append("value " + i, "x".repeat(100));
    }
    f.time.runReady();

    assertThat(f.files(".log")).hasSizeBetween(4, 10);
    assertThat(f.files(".index")).hasSize(f.files(".log").size() - 1);
    assertThat(f.values()).hasSize(20).contains("value 0", "value 9");
    assertThat(f.log.read(0, 1 << 20, 20).nextOffset()).isLessThan(20);
    assertThat(f.log.flushedOffset()).isGreaterThan(0).isLessThan(20);
  }

  @Test
  void anOldSegmentIsFollowedByANewOne() throws IOException {
    f.append("a");
    f.time.advanceMs(3_599_999);
    f.append("b");
    assertThat(f.files(".log")).hasSize(1);

    f.time.advanceMs(1);
    f.append("c");

    assertThat(f.files(".log")).hasSize(2);
    assertThat(f.values()).containsExactly("a", "b", "c");
  }

  @Test
  void theAgeOfASegmentSurvivesARestart() throws IOException {
    f.append("a");
    f.restart();
    f.time.advanceMs(3_600_000);
    f.append("b");

    assertThat(f.files(".log")).hasSize(2);
  }

  @Test
  void aBatchLargerThanASegmentGetsItsOwn() throws IOException {
    f.segmentBytes(100);
    f.append(TestBatch.of(1, 1000));
    f.append(TestBatch.of(1, 1000));

    assertThat(f.files(".log")).hasSize(2);
    assertThat(f.values()).hasSize(2);
  }

  @Test
  void compressedSaysWhetherAnyBatchOfTheSliceHasACodec() throws IOException {
    f.append("a");
    f.append("b");
    assertThat(f.log.read(0, 1 << 20, 2).compressed()).isFalse();

    f.append(TestBatch.of("c").codec(Codec.GZIP));

    assertThat(f.log.read(0, 1 << 20, 3).compressed()).isTrue();
    assertThat(f.log.read(0, 1 << 20, 2).compressed()).isFalse();
    assertThat(f.log.read(2, 1 << 20, 3).compressed()).isTrue();
    f.restart();
    assertThat(f.log.read(0, 1 << 20, 3).compressed()).isTrue();
  }

  @Test
  void aBufferThatHoldsNoBatchIsRefused() {
    assertThatThrownBy(() -> f.log.append(TestBatch.of("a").entry().position(1), 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(f.log.logEndOffset()).isZero();
  }

  @Test
  void anOlderLeaderEpochIsRefused() throws IOException {
    f.append(TestBatch.of("a"), 3);

    assertThatThrownBy(() -> f.append(TestBatch.of("b"), 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(f.values()).containsExactly("a");
  }

  @Test
  void flushMovesTheFlushedOffset() throws IOException {
    f.append("a", "b");
    assertThat(f.log.flushedOffset()).isZero();

    f.log.flush();

    assertThat(f.log.flushedOffset()).isEqualTo(2);
    long syncs = f.disk.syncs();
    f.log.flush();
    assertThat(f.disk.syncs()).isEqualTo(syncs);
  }

  @Test
  void deleteLeavesNothing() throws IOException {
    f.append("a");
    f.checkpoint();

    f.log.delete();

    assertThat(f.folder).doesNotExist();
    assertThat(f.checkpoints.load(LogFixture.PARTITION)).isEmpty();
  }

  @Test
  void aCheckpointThatHasToWaitForADeletionIsNotStored() throws Exception {
    PartitionLog log = f.log;
    f.append("a");
    log.flush();
    Thread deletion = new Thread(running(log::delete));
    FutureTask<?> checkpoint = running(log::checkpoint);

    synchronized (log) { // Which is the second lock that a deletion takes.
      startAndAwaitThatItIsHeldUp(deletion);
      startAndAwaitThatItIsHeldUp(new Thread(checkpoint));
    }
    deletion.join();

    assertThatThrownBy(checkpoint::get).hasCauseInstanceOf(RefusedException.class);
    assertThat(f.checkpoints.load(LogFixture.PARTITION)).isEmpty();
  }

  private interface DiskWork {
    void run() throws IOException;
  }

  private static FutureTask<?> running(DiskWork work) {
    return new FutureTask<>(() -> {
      work.run();
      return null;
    });
  }

  private static void startAndAwaitThatItIsHeldUp(Thread thread) {
    thread.start();
    while (thread.getState() != Thread.State.BLOCKED && thread.isAlive()) {
      Thread.onSpinWait();
    }
  }
}
