package io.funes.server.replication;

/**
 * Under which terms a batch is appended.
 *
 * @param expectedOffset offset that the batch must get, or {@link #ANY_OFFSET}
 * @param gapsAllowed the broker chose the partition, so a producer's sequences only increase here
 */
public record AppendTerms(Acks acks, long expectedOffset, boolean gapsAllowed) {
  public static final long ANY_OFFSET = -1;
}
