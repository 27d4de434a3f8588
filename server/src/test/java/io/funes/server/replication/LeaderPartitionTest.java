package io.funes.server.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.PartitionId;
import io.funes.server.common.Refusal;
import io.funes.server.common.RefusedException;
import io.funes.server.common.TopicId;
import io.funes.server.metadata.PartitionImage;
import io.funes.server.testing.FaultySegmentFiles;
import io.funes.server.testing.ManualScheduler;
import io.funes.server.testing.TestBatch;
import io.funes.server.testing.TestEnvironment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A leader on a disk that fails when it is told to. Flushes run when the test says so. */
class LeaderPartitionTest {
  private static final PartitionId ID = new PartitionId(new TopicId(new UUID(1, 2)), 0);
  private static final AppendTerms ALL = new AppendTerms(Acks.ALL, AppendTerms.ANY_OFFSET, false);

  @TempDir Path folder;
  private final FaultySegmentFiles disk = new FaultySegmentFiles();
  private final ManualScheduler time = new ManualScheduler();
  private final DiskGate gate = new DiskGate(1_000);
  private final List<String> answers = new ArrayList<>();
  private LeaderPartition partition;

  @BeforeEach
  void open() throws IOException {
    TestEnvironment environment = TestEnvironment.at(time).disk(disk).gate(gate);
    partition =
        new LeaderPartition(
            ID,
            PartitionImage.settled(0, 3, 0, List.of(0), List.of(0)),
            environment.openLog(folder.resolve("partition"), ID, 3),
            0,
            TestEnvironment.rules(FlushPolicy.BEFORE_ACK),
            environment.ofPartitions());
  }

  private void append(String value) {
    partition.append(TestBatch.of(value).entry(), ALL, gathering());
  }

  private AppendCallback gathering() {
    return new AppendCallback() {
      @Override
      public void appended(
          long baseOffset, long lastOffset, long appendTimeMs, boolean deduplicated) {
        answers.add("offset " + baseOffset);
      }

      @Override
      public void refused(Refusal refusal) {
        answers.add(refusal.code().name());
      }
    };
  }

  private ErrorCode refusal(Runnable call) {
    RefusedException refused = catchThrowableOfType(RefusedException.class, call::run);
    assertThat(refused).as("the call is refused").isNotNull();
    return refused.code();
  }

  private int readable() {
    return partition.read(0, 1 << 20, Long.MAX_VALUE).recordCount();
  }

  @Test
  void appendsBeforeAFlushShareItAndAreSeenAfterIt() {
    append("a");
    append("b");
    assertThat(answers).isEmpty();
    assertThat(readable()).isZero();
    long syncs = disk.syncs();

    time.runReady();

    assertThat(answers).containsExactly("offset 0", "offset 1");
    assertThat(readable()).isEqualTo(2);
    assertThat(disk.syncs() - syncs).isLessThanOrEqualTo(2);
  }

  @Test
  void aFullDiskRefusesAppendsWhileReadsGoOnAndRecovers() {
    append("a");
    time.runReady();

    disk.freeBytes(10);
    assertThat(refusal(() -> append("b"))).isEqualTo(ErrorCode.DISK_FULL);
    assertThat(readable()).isEqualTo(1);
    disk.freeBytes(Long.MAX_VALUE);
    append("c");
    time.runReady();

    assertThat(answers).containsExactly("offset 0", "offset 1");
  }

  @Test
  void aGateThatClosesBeforeTheDiskIsFullOpensAgainByItself() {
    gate.update(999);
    assertThat(refusal(() -> append("a"))).isEqualTo(ErrorCode.DISK_FULL);
    assertThat(readable()).isZero();

    gate.update(1_000);
    append("a");
    time.runReady();

    assertThat(answers).containsExactly("offset 0");
  }

  @Test
  void aSyncThatFailsRefusesWhatWaitsForItAndAllThatFollows() {
    append("a");
    disk.failSync(true);
    time.runReady();

    assertThat(answers).containsExactly("STORAGE_FAILURE");
    assertThat(refusal(() -> append("b"))).isEqualTo(ErrorCode.STORAGE_FAILURE);
  }

  @Test
  void appendsThatWaitAreRefusedWhenTheBrokerStops() {
    append("a");

    partition.close(Refusal.of(ErrorCode.BROKER_UNAVAILABLE, "stopping"));

    assertThat(answers).containsExactly("BROKER_UNAVAILABLE");
    assertThat(refusal(() -> append("b"))).isEqualTo(ErrorCode.BROKER_UNAVAILABLE);
  }

  @Test
  void aCallThatFailsToAnswerDoesNotHoldUpTheOthers() {
    partition.append(
        TestBatch.of("a").entry(),
        ALL,
        new AppendCallback() {
          @Override
          public void appended(
              long baseOffset, long lastOffset, long appendTimeMs, boolean deduplicated) {
            throw new IllegalStateException("call already closed");
          }

          @Override
          public void refused(Refusal refusal) {
            throw new IllegalStateException("call already closed");
          }
        });
    time.runReady();

    append("b");
    time.runReady();

    assertThat(answers).containsExactly("offset 1");
  }

  @Test
  void watchersAreWokenWhenRecordsBecomeReadable() {
    List<Long> seen = new ArrayList<>();
    Runnable watcher = () -> seen.add(partition.highWatermark());
    partition.watch(watcher);
    append("a");
    assertThat(seen).isEmpty();

    time.runReady();
    partition.unwatch(watcher);
    append("b");
    time.runReady();

    assertThat(seen).containsExactly(1L);
  }
}
