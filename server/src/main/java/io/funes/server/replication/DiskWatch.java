package io.funes.server.replication;

import io.funes.server.common.Scheduler;
import io.funes.server.common.Ticker;
import io.funes.server.metadata.MetadataCommand.SetReadOnly;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.MetadataLog;
import io.funes.server.metadata.MetadataVersion;
import io.funes.server.metadata.Outcome;
import java.io.IOException;
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
  private final long brokerEpoch;
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
      long brokerEpoch,
      Ticker ticker) {
    this.freeRoom = freeRoom;
    this.gate = gate;
    this.table = table;
    this.metadata = metadata;
    this.brokerId = brokerId;
    this.brokerEpoch = brokerEpoch;
    this.ticker = ticker;
  }

  /** Looks now, and every half second. */
  public void start(Scheduler scheduler) {
    look();
    scheduler.every(TimeUnit.MILLISECONDS.toNanos(LOOK_MS), this::look);
  }

  private void look() {
    measure();
    // All are asked: each tells only what is new since.
    long troubled = table.replicas().filter(replica -> replica.log().takeTrouble()).count();
    boolean trouble = gate.closed() || troubled > 0;
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
    if (!isOutdated(nowReadOnly) || !begin()) {
      return;
    }
    var _ =
        metadata
            .submit(new SetReadOnly(brokerId, brokerEpoch, nowReadOnly))
            .whenComplete((outcome, error) -> {
              end();
              told(nowReadOnly, outcome, error);
            });
  }

  /** Another process that has registered with the same id since speaks for itself. */
  private boolean isOutdated(boolean nowReadOnly) {
    MetadataImage image = metadata.image();
    return image.version() >= MetadataVersion.READ_ONLY_BROKERS
        && image
            .broker(brokerId)
            .filter(known -> known.epoch() == brokerEpoch && known.readOnly() != nowReadOnly)
            .isPresent();
  }

  private static void told(boolean nowReadOnly, Outcome outcome, Throwable error) {
    switch (outcome) {
      case Outcome.Applied _ when nowReadOnly -> LOG.warn("read-only: others lead where they can");
      case Outcome.Applied _ -> LOG.info("writable again");
      case Outcome.Refused(var refusal) ->
          LOG.info("the cluster does not take word of the disk: {}", refusal.message());
      case null -> LOG.warn("the cluster has not heard of the disk yet: {}", error.toString());
    }
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
