package io.funes.server.log;

import io.funes.server.common.PartitionId;
import java.io.IOException;
import java.util.Optional;

/**
 * Keeps the producers' state of every partition of a broker together with the offset that it
 * covers. What is kept may be lost or old, never mixed: the log is replayed from the covered
 * offset. All methods may be called from any thread.
 */
public interface ProducerCheckpoints extends AutoCloseable {
  /** The checkpoint stored last, or nothing, also where it cannot be read. */
  Optional<ProducerCheckpoint> load(PartitionId partition) throws IOException;

  /**
   * Keeps a checkpoint in place of the one before. It outlives the process after {@link #flush}, or
   * sooner.
   */
  void store(PartitionId partition, ProducerCheckpoint checkpoint) throws IOException;

  /** Forgets the checkpoint; lasting like {@link #store}. */
  void remove(PartitionId partition) throws IOException;

  /** Makes everything stored and removed so far durable, in one step. */
  void flush() throws IOException;

  /** Flushes and lets go of the disk. */
  @Override
  void close() throws IOException;
}
