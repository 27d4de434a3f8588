package io.funes.server.replication;

import java.util.OptionalInt;

/**
 * Knows the newest epoch of named producers, so that an older instance is refused in partitions it
 * never wrote to.
 */
@FunctionalInterface
public interface ProducerFence {
  /** Empty for producers that nobody named. */
  OptionalInt newestEpoch(long producerId);
}
