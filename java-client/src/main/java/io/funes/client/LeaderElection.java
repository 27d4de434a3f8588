package io.funes.client;

import java.util.Optional;

/**
 * What came of an election in one partition.
 *
 * @param partition which one
 * @param leaderId broker that leads it now, -1 for none
 * @param failure why it is not led as was asked; empty where it is
 */
public record LeaderElection(
    TopicPartition partition, int leaderId, Optional<FunesException> failure) {}
