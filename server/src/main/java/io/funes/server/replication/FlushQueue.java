package io.funes.server.replication;

import io.funes.server.common.PartitionId;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit: partitions with appends that wait for the disk. One drain runs at a time and takes
 * each partition once, so all appends that came while the disk was busy share the next fsync.
 */
public final class FlushQueue {
  private static final Logger LOG = LoggerFactory.getLogger(FlushQueue.class);

  /** A partition of which something is to be flushed. */
  interface Flushed {
    PartitionId id();

    /** Makes durable what was appended and tells those that wait for it. */
    void flush();
  }

  private final Executor executor;
  private Set<Flushed> dirty = new LinkedHashSet<>();
  private boolean draining;

  public FlushQueue(Executor executor) {
    this.executor = executor;
  }

  void add(Flushed partition) {
    boolean start;
    synchronized (this) {
      dirty.add(partition);
      start = !draining;
      draining = true;
    }
    if (start) {
      executor.execute(this::drain);
    }
  }

  private void drain() {
    for (Set<Flushed> batch; (batch = take()) != null; ) {
      batch.forEach(FlushQueue::flush);
    }
  }

  /** Whatever one partition does, the others are flushed: one drain serves them all. */
  private static void flush(Flushed partition) {
    try {
      partition.flush();
    } catch (RuntimeException | Error e) {
      LOG.error("partition {}: an append could not be answered", partition.id(), e);
    }
  }

  private synchronized Set<Flushed> take() {
    if (dirty.isEmpty()) {
      draining = false;
      return null;
    }
    Set<Flushed> taken = dirty;
    dirty = new LinkedHashSet<>();
    return taken;
  }
}
