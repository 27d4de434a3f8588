package io.funes.server.replication;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.common.RefusedException;

/**
 * Closed while the data disk has less free room than the broker keeps for its own metadata. Checked
 * before each append, so produce is refused while there is still room to run, and opens again by
 * itself. Followers go on for a while: where all disks fill alike, leaders refuse first.
 */
public final class DiskGate {
  /** Followers go on so far below the limit, at most to half of it. */
  private static final long REPLICA_BYTES = 64 << 20;

  private final long freeBytesMin;
  private volatile long freeBytes = Long.MAX_VALUE;

  public DiskGate(long freeBytesMin) {
    this.freeBytesMin = freeBytesMin;
  }

  /** What the last look at the disk found. */
  public void update(long newFreeBytes) {
    freeBytes = newFreeBytes;
  }

  public boolean closed() {
    return freeBytes < freeBytesMin;
  }

  /** Refuses what needs room. */
  public void check() {
    check(freeBytesMin);
  }

  /** Refuses what a leader has taken. */
  void checkReplica() {
    check(freeBytesMin - Math.min(freeBytesMin / 2, REPLICA_BYTES));
  }

  private void check(long kept) {
    long free = freeBytes;
    if (free < kept) {
      throw new RefusedException(
          Refusal.of(
                  ErrorCode.DISK_FULL,
                  "the data disk has %d bytes free and the broker keeps %d: free some room, or lower disk.free.bytes.min"
                      .formatted(free, kept))
              .with("free_bytes", free)
              .with("disk.free.bytes.min", freeBytesMin));
    }
  }
}
