package io.funes.server.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.server.common.PartitionId;
import io.funes.server.common.RefusedException;
import io.funes.server.common.TopicId;
import io.funes.server.metadata.Commands;
import io.funes.server.metadata.MetadataCommand.RaiseVersion;
import io.funes.server.metadata.MetadataVersion;
import io.funes.server.testing.FaultySegmentFiles;
import io.funes.server.testing.ManualScheduler;
import io.funes.server.testing.MemoryMetadataLog;
import io.funes.server.testing.TestBatch;
import io.funes.server.testing.TestEnvironment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker keeps 1,000 bytes of its disk free. */
class DiskWatchTest {
  private static final long CALM_MS = 10_000;
  private static final long LOOK_MS = 500;
  private static final AppendTerms PLAIN =
      new AppendTerms(Acks.LEADER, AppendTerms.ANY_OFFSET, false);

  @TempDir private Path folder;

  private final ManualScheduler time = new ManualScheduler();
  private final FaultySegmentFiles disk = new FaultySegmentFiles();
  private final DiskGate gate = new DiskGate(1_000);
  private final MemoryMetadataLog metadata = new MemoryMetadataLog();
  private long freeBytes = 1_000;
  private PartitionTable table;

  @BeforeEach
  void open() {
    TestEnvironment environment = TestEnvironment.at(time).disk(disk).brokerId(1).gate(gate);
    table = environment.table(folder);
    metadata.subscribe(table);
    metadata.submit(Commands.register(1)).join().orThrow();
    metadata.submit(new RaiseVersion(MetadataVersion.READ_ONLY_BROKERS)).join().orThrow();
  }

  @AfterEach
  void close() {
    table.close(PartitionRefusals.notLeader(new PartitionId(new TopicId(new UUID(1, 1)), 0), 1, 1));
  }

  private void startWatch() {
    watch(() -> freeBytes);
  }

  private void watch(DiskWatch.FreeRoom freeRoom) {
    new DiskWatch(freeRoom, gate, table, metadata, 1, epoch(), time).start(time);
  }

  private long epoch() {
    return metadata.image().broker(1).orElseThrow().epoch();
  }

  private boolean readOnly() {
    return metadata.image().broker(1).orElseThrow().readOnly();
  }

  private void free(long bytes) {
    freeBytes = bytes;
    time.advanceMs(LOOK_MS);
  }

  private static void append(Replica replica) {
    replica.leader().append(TestBatch.of("a").entry(), PLAIN, new AcceptedAppend());
  }

  @Test
  void theClusterIsToldAtTheFirstLook() {
    freeBytes = 999;

    startWatch();

    assertThat(readOnly()).isTrue();
  }

  @Test
  void roomIsTakenAtOnceAndToldWhenItStays() {
    startWatch();
    free(999);
    assertThat(readOnly()).isTrue();
    assertThat(gate.closed()).isTrue();

    free(1_000);
    assertThat(gate.closed()).isFalse();
    time.advanceMs(CALM_MS - 2 * LOOK_MS);
    free(999);
    free(1_000);
    time.advanceMs(CALM_MS - 2 * LOOK_MS);
    assertThat(readOnly()).as("it was full again meanwhile").isTrue();

    time.advanceMs(LOOK_MS);
    assertThat(readOnly()).isFalse();
  }

  @Test
  void aBrokerOfWhichALogHasFailedIsReadOnlyUntilItStartsAgain() throws IOException {
    metadata.submit(Commands.create("t", 1, 1, Map.of())).join().orThrow();
    startWatch();
    Replica replica = table.replicas().findFirst().orElseThrow();
    append(replica);
    disk.failSync(true);
    assertThatThrownBy(() -> replica.log().flush()).isInstanceOf(RefusedException.class);
    disk.failSync(false);

    time.advanceMs(3 * CALM_MS);

    assertThat(readOnly()).isTrue();
  }

  @Test
  void aWriteThatMeetsAFullDiskBetweenTwoLooksIsTroubleForAWhile() {
    metadata.submit(Commands.create("t", 1, 1, Map.of())).join().orThrow();
    startWatch();
    Replica replica = table.replicas().findFirst().orElseThrow();
    disk.freeBytes(0);
    assertThatThrownBy(() -> append(replica)).isInstanceOf(RefusedException.class);
    disk.freeBytes(Long.MAX_VALUE);

    time.advanceMs(LOOK_MS);
    assertThat(readOnly()).isTrue();
    time.advanceMs(CALM_MS);

    assertThat(readOnly()).as("though nothing was written since").isFalse();
  }

  @Test
  void aDiskThatCannotBeLookedAtIsTakenForWhatItWas() {
    freeBytes = 999;
    watch(() -> {
      if (freeBytes == 0) {
        throw new IOException("no such file system");
      }
      return freeBytes;
    });
    assertThat(gate.closed()).isTrue();

    free(0);

    assertThat(gate.closed()).isTrue();
    assertThat(readOnly()).isTrue();
  }

  @Test
  void aProcessThatAnotherOneHasReplacedSaysNothing() {
    startWatch();
    metadata.submit(Commands.register(1, new UUID(1, 77), "127.0.0.1:1943")).join().orThrow();

    free(999);

    assertThat(readOnly()).isFalse();
  }
}
