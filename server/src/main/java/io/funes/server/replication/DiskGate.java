package io.funes.server.replication;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.common.RefusedException;

/**
 * Closed while the data disk has less free room than the broker keeps for its own metadata. Checked
 * before each append, so produce is refused while there is still room to run, and opens again by
 * itself.
 */
public final class DiskGate {
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
    if (closed()) {
      throw new RefusedException(
          Refusal.of(
                  ErrorCode.DISK_FULL,
                  "the data disk has %d bytes free and the broker keeps %d: free some room, or lower disk.free.bytes.min"
                      .formatted(freeBytes, freeBytesMin))
              .with("free_bytes", freeBytes)
              .with("disk.free.bytes.min", freeBytesMin));
    }
  }
}
