package io.funes.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.testing.MemoryProducerCheckpoints;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryProducerCheckpointsTest extends ProducerCheckpointsContract {
  @Override
  ProducerCheckpoints open() {
    return new MemoryProducerCheckpoints();
  }

  @Test
  void aKillLeavesWhatWasFlushed() {
    MemoryProducerCheckpoints memory = new MemoryProducerCheckpoints();
    memory.store(A, CHECKPOINT);
    memory.flush();
    memory.store(A, new ProducerCheckpoint(31, List.of(), List.of()));
    memory.store(B, CHECKPOINT);

    memory.kill();

    assertThat(memory.load(A)).hasValue(CHECKPOINT);
    assertThat(memory.load(B)).isEmpty();
  }
}
