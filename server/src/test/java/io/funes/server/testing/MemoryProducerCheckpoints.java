package io.funes.server.testing;

import io.funes.server.common.PartitionId;
import io.funes.server.log.ProducerCheckpoint;
import io.funes.server.log.ProducerCheckpoints;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Checkpoints of a process that a test kills: what was not flushed is gone then. */
public final class MemoryProducerCheckpoints implements ProducerCheckpoints {
  private Map<PartitionId, ProducerCheckpoint> flushed = Map.of();
  private final Map<PartitionId, ProducerCheckpoint> stored = new ConcurrentHashMap<>();

  /** Forgets all that was not flushed. */
  public void kill() {
    stored.clear();
    stored.putAll(flushed);
  }

  @Override
  public Optional<ProducerCheckpoint> load(PartitionId partition) {
    return Optional.ofNullable(stored.get(partition));
  }

  @Override
  public void store(PartitionId partition, ProducerCheckpoint checkpoint) {
    stored.put(partition, checkpoint);
  }

  @Override
  public void remove(PartitionId partition) {
    stored.remove(partition);
  }

  @Override
  public void flush() {
    flushed = Map.copyOf(stored);
  }

  @Override
  public void close() {
    flush();
  }
}
