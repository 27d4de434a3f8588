package io.funes.server.replication;

/** When appended records reach the disk. */
public enum FlushPolicy {
  /** Before they are acknowledged or read; appends that wait together share one fsync. */
  BEFORE_ACK,
  /** Every {@code flush.interval.ms}. */
  INTERVAL,
  /** When the operating system writes its cache, and at checkpoints. */
  OS
}
