package io.funes.server.replication;

import io.funes.server.common.Scheduler;
import io.funes.server.common.Ticker;
import io.funes.server.metadata.BrokerImage;
import io.funes.server.metadata.MetadataCommand.SetReadOnly;
import io.funes.server.metadata.MetadataLog;
import io.funes.server.metadata.Outcome;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every so often whether the disk takes what is produced. The gate closes where there is
 * little room, and where there is none or a log has failed the cluster is told, so that others lead
 * in this broker's place.
 */
public final class DiskWatch {
  private static final Logger LOG = LoggerFactory.getLogger(DiskWatch.class);
  private static final long LOOK_MS = 500;

  /** Room that was just made may soon be gone again, and others lead meanwhile. */
  private static final long CALM_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final FreeRoom freeRoom;
  private final DiskGate gate;
  private final PartitionTable table;
  private final MetadataLog metadata;
  private final int brokerId;
  private final Ticker ticker;
  private boolean readOnly;
  private long troubleNanos;
  private boolean underWay;

  /** What is left on the data folder's disk. */
  @FunctionalInterface
  public interface FreeRoom {
    /** Without what is kept for other users of the machine. */
    long bytes() throws IOException;
  }

  /** For a broker that has registered. */
  public DiskWatch(
      FreeRoom freeRoom,
      DiskGate gate,
      PartitionTable table,
      MetadataLog metadata,
      int brokerId,
      Ticker ticker) {
    this.freeRoom = freeRoom;
    this.gate = gate;
    this.table = table;
    this.metadata = metadata;
    this.brokerId = brokerId;
    this.ticker = ticker;
  }

  /** Looks now, and every half second. */
  public void start(Scheduler scheduler) {
    look();
    scheduler.every(TimeUnit.MILLISECONDS.toNanos(LOOK_MS), this::look);
  }

  private void look() {
    measure();
    boolean trouble =
        gate.closed() || table.replicas().anyMatch(replica -> !replica.log().writable());
    tellTheCluster(isReadOnly(trouble, ticker.nanos()));
  }

  private void measure() {
    try {
      boolean before = gate.closed();
      gate.update(freeRoom.bytes());
      if (gate.closed() != before) {
        LOG.warn(
            before
                ? "the data disk has room again: produce goes on"
                : "the data disk is nearly full: produce is refused, fetch goes on");
      }
    } catch (IOException e) {
      LOG.warn("cannot tell the room on the data disk: {}", e.toString());
    }
  }

  private synchronized boolean isReadOnly(boolean trouble, long nowNanos) {
    if (trouble) {
      readOnly = true;
      troubleNanos = nowNanos;
    } else if (nowNanos - troubleNanos >= CALM_NANOS) {
      readOnly = false;
    }
    return readOnly;
  }

  /** Where that fails, the next look tells it again. */
  private void tellTheCluster(boolean nowReadOnly) {
    Optional<BrokerImage> outdated =
        metadata.image().broker(brokerId).filter(self -> self.readOnly() != nowReadOnly);
    if (outdated.isEmpty() || !begin()) {
      return;
    }
    var _ =
        metadata
            .submit(new SetReadOnly(brokerId, outdated.get().epoch(), nowReadOnly))
            .whenComplete((outcome, error) -> {
              end();
              if (outcome instanceof Outcome.Applied) {
                LOG.warn(nowReadOnly ? "read-only: others lead where they can" : "writable again");
              } else {
                LOG.warn("the cluster has not heard of the disk yet: {}", String.valueOf(error));
              }
            });
  }

  private synchronized boolean begin() {
    boolean idle = !underWay;
    underWay = true;
    return idle;
  }

  private synchronized void end() {
    underWay = false;
  }
}
