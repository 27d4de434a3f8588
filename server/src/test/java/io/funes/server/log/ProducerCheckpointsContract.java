package io.funes.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.common.PartitionId;
import io.funes.server.common.TopicId;
import io.funes.server.log.ProducerCheckpoint.ProducedBatch;
import io.funes.server.log.ProducerCheckpoint.ProducerState;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of producer checkpoints does. */
abstract class ProducerCheckpointsContract {
  static final PartitionId A = new PartitionId(new TopicId(new UUID(1, 2)), 0);
  static final PartitionId B = new PartitionId(new TopicId(new UUID(1, 2)), 1);
  static final ProducerCheckpoint CHECKPOINT =
      new ProducerCheckpoint(
          30,
          List.of(new LeaderEpochs.Boundary(1, 0), new LeaderEpochs.Boundary(4, 17)),
          List.of(
              new ProducerState(7, 1, 999, List.of(new ProducedBatch(0, 10, 20, 29, 5))),
              new ProducerState(Long.MAX_VALUE, Integer.MAX_VALUE, 1, List.of())));

  ProducerCheckpoints checkpoints;

  abstract ProducerCheckpoints open() throws IOException;

  @BeforeEach
  void begin() throws IOException {
    checkpoints = open();
  }

  @AfterEach
  void end() throws IOException {
    checkpoints.close();
  }

  @Test
  void aCheckpointIsFoundByItsPartition() throws IOException {
    checkpoints.store(A, CHECKPOINT);

    assertThat(checkpoints.load(A)).hasValue(CHECKPOINT);
    assertThat(checkpoints.load(B)).isEmpty();
  }

  @Test
  void theLastOneStoredCounts() throws IOException {
    checkpoints.store(A, CHECKPOINT);
    checkpoints.store(A, new ProducerCheckpoint(31, List.of(), List.of()));

    assertThat(checkpoints.load(A)).hasValue(new ProducerCheckpoint(31, List.of(), List.of()));
  }

  @Test
  void aRemovedOneIsGone() throws IOException {
    checkpoints.store(A, CHECKPOINT);
    checkpoints.store(B, CHECKPOINT);
    checkpoints.flush();
    checkpoints.remove(A);
    checkpoints.remove(A);

    assertThat(checkpoints.load(A)).isEmpty();
    assertThat(checkpoints.load(B)).hasValue(CHECKPOINT);
  }

  @Test
  void closingTwiceIsFine() throws IOException {
    checkpoints.close();
    checkpoints.close();
  }
}
