package io.funes.client;

/** When the broker acknowledges a batch. */
public enum Acks {
  /**
   * At once, before the append: positions have the offset -1, errors of the append go unseen, and
   * records may be lost or doubled when a connection breaks.
   */
  NONE,
  /** When the partition's leader has it. A leader that fails just then loses it. */
  LEADER,
  /**
   * When every in-sync replica has it, and, on topics with {@code flush=before-ack}, on its disk.
   */
  ALL
}
