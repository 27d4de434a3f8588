package io.funes.client.internal.cluster;

/**
 * How to get to a partition.
 *
 * @param leaderEpoch rises with each change of the leader; {@link #UNKNOWN} while there is none, or
 *     nobody has told
 */
public record Way(Door door, int leaderEpoch) {
  public static final int UNKNOWN = -1;
}
