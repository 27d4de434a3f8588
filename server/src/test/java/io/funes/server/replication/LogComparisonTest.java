package io.funes.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.common.PartitionId;
import io.funes.server.common.TopicId;
import io.funes.server.log.PartitionLog;
import io.funes.server.replication.ReplicaFrame.Diverged;
import io.funes.server.replication.ReplicaFrame.Follow;
import io.funes.server.replication.ReplicaFrame.FromLeader;
import io.funes.server.replication.ReplicaFrame.Restart;
import io.funes.server.testing.ManualScheduler;
import io.funes.server.testing.TestBatch;
import io.funes.server.testing.TestEnvironment;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The leader's log: begins at 10, epoch 2 from 10, epoch 5 from 12, ends at 15. */
class LogComparisonTest {
  private static final PartitionId ID = new PartitionId(new TopicId(new UUID(1, 2)), 0);
  private final ManualScheduler time = new ManualScheduler();
  private PartitionLog log;

  @BeforeEach
  void open() throws IOException {
    log = TestEnvironment.at(time).openLog(ID, 9);
    log.restartAt(10);
    log.append(TestBatch.of("a", "b").entry(), 2, 0);
    log.append(TestBatch.of("c", "d", "e").entry(), 5, 0);
  }

  private Optional<FromLeader> compare(long logEndOffset, int lastEpoch) {
    return LogComparison.compare(log, new Follow(ID, 7, logEndOffset, lastEpoch));
  }

  @Test
  void aPartOfTheLogIsFine() {
    assertThat(compare(15, 5)).isEmpty();
    assertThat(compare(12, 2)).isEmpty();
    assertThat(compare(10, -1)).isEmpty();
  }

  @Test
  void aLogThatGoesOnInAnOlderEpochParts() {
    assertThat(compare(14, 2)).hasValue(new Diverged(ID, 7, 2, 12));
  }

  @Test
  void aLongerLogParts() {
    assertThat(compare(16, 5)).hasValue(new Diverged(ID, 7, 5, 15));
  }

  @Test
  void anEpochThatTheLeaderNeverHadParts() {
    assertThat(compare(14, 4)).hasValue(new Diverged(ID, 7, 2, 12));
    assertThat(compare(14, 6)).hasValue(new Diverged(ID, 7, 5, 15));
  }

  @Test
  void aLogWithNothingInCommonBeginsAnew() {
    assertThat(compare(9, 2)).hasValue(new Restart(ID, 7, 10));
    assertThat(compare(14, 1)).hasValue(new Restart(ID, 7, 10));
    assertThat(compare(16, -1)).hasValue(new Restart(ID, 7, 10));
  }
}
