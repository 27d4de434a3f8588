package io.funes.server.config;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a broker is to the others.
 *
 * @param nodeId its number; where none is given the data folder knows it, or the cluster gives it
 * @param internalListen where other brokers connect; a broker without it stays alone
 * @param join internal addresses of brokers of the cluster that a new broker joins; none for a
 *     cluster of its own
 */
public record ClusterConfig(
    OptionalInt nodeId,
    String rack,
    Optional<ListenAddress> internalListen,
    List<ListenAddress> join) {
  public ClusterConfig {
    join = List.copyOf(join);
  }
}
