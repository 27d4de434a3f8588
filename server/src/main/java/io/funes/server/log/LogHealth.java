package io.funes.server.log;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.PartitionId;
import io.funes.server.common.Refusal;
import io.funes.server.common.RefusedException;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a log is in service, and what a disk's exceptions mean for it. A full disk is a passing
 * state. After any other failed write or sync nobody knows what the disk holds, since the system
 * may have dropped the pages it could not write: the log goes out of service until the broker is
 * started again and reads it from the disk.
 */
final class LogHealth {
  private static final Logger LOG = LoggerFactory.getLogger(LogHealth.class);

  private final PartitionId partition;
  private final Path folder;
  private volatile Refusal refusal;
  private volatile boolean full;
  private volatile boolean metFull;
  private volatile boolean failed;

  LogHealth(PartitionId partition, Path folder) {
    this.partition = partition;
    this.folder = folder;
  }

  boolean inService() {
    return refusal == null;
  }

  /** After a disk error; not of a log that was closed. */
  boolean failed() {
    return failed;
  }

  /** Whether a write has met a full disk since this was last asked. */
  boolean takeFull() {
    boolean met = metFull;
    metFull = false;
    return met;
  }

  void requireInService() {
    Refusal current = refusal;
    if (current != null) {
      throw current.exception();
    }
  }

  /** From now on every call is refused: the log is closed. */
  void closed() {
    if (refusal == null) {
      refusal =
          Refusal.of(
                  ErrorCode.BROKER_UNAVAILABLE,
                  "the log of partition %s is closed: try again".formatted(partition))
              .with("partition", partition);
    }
  }

  /** A write has succeeded. */
  void written() {
    if (full) {
      full = false;
      LOG.info("{}: there is room again", folder);
    }
  }

  /** What to answer after a write that left the file as it was, or did not manage that either. */
  RefusedException writeFailed(IOException cause) {
    if (!diskFull(cause)) {
      return outOfService(cause);
    }
    metFull = true;
    if (!full) {
      full = true;
      LOG.warn("{}: the disk is full, nothing is written until there is room", folder);
    }
    return Refusal.of(
            ErrorCode.DISK_FULL,
            ("the disk of partition %s is full: free space, add some, or lower retention;"
                    + " the call can then be repeated")
                .formatted(partition))
        .with("partition", partition)
        .exception();
  }

  /** Takes the log out of service. */
  RefusedException outOfService(IOException cause) {
    LOG.error("{}: out of service after a disk error", folder, cause);
    failed = true;
    refusal =
        storageFailure(
            "partition %s is out of service after a disk error (%s): check the disk, then restart the broker"
                .formatted(partition, cause.getMessage()));
    return refusal.exception();
  }

  /** What to answer after a read that failed; other parts of the log may be well. */
  RefusedException readFailed(IOException cause) {
    LOG.error("{}: cannot read", folder, cause);
    return storageFailure(
            "partition %s cannot be read here (%s): check the disk, or read from another offset"
                .formatted(partition, cause.getMessage()))
        .exception();
  }

  private Refusal storageFailure(String message) {
    return Refusal.of(ErrorCode.STORAGE_FAILURE, message).with("partition", partition);
  }

  /** By the system's words: the JDK has no type for it. */
  private static boolean diskFull(IOException cause) {
    String message = String.valueOf(cause.getMessage());
    return message.contains("No space left on device")
        || message.contains("Disk quota exceeded")
        || message.contains("not enough space on the disk");
  }
}
