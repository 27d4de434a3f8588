package io.funes.server.replication;

/** When an append is answered. */
public enum Acks {
  /** At once; the outcome goes unseen. */
  NONE,
  /** When the leader has it in its log. */
  LEADER,
  /** When the high watermark has passed it. */
  ALL
}
