package io.funes.client.internal.transport;

/**
 * Who leads a partition, as a broker says that does not.
 *
 * @param leaderEpoch since when; of two tales the one with the higher epoch is newer
 */
public record Leadership(int leaderId, int leaderEpoch) {}
