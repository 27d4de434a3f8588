package io.funes.server.config;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a broker is to the others.
 *
 * @param nodeId its number; where none is given the data folder knows it, or the cluster gives it
 * @param internalListen where other brokers are served; a broker without it stays alone
 * @param internalAdvertise where they are told to connect; where none is given, there
 * @param internalTls with which they prove to be brokers; without it nobody has to
 * @param join internal addresses of brokers of the cluster that a new broker joins; none for a
 *     cluster of its own
 * @param sessionTimeoutMs silence after which a controller fences a broker
 * @param replicaLagMsMax how long a follower may be behind before it leaves the in-sync replicas
 * @param votersMax brokers that vote in the metadata quorum
 * @param catchupBytesPerSecond most that is sent to replicas that are not in sync; 0 for no limit
 */
public record ClusterConfig(
    OptionalInt nodeId,
    String rack,
    Optional<ListenAddress> internalListen,
    Optional<ListenAddress> internalAdvertise,
    Optional<TlsConfig> internalTls,
    List<ListenAddress> join,
    long sessionTimeoutMs,
    long replicaLagMsMax,
    int votersMax,
    long catchupBytesPerSecond) {
  public ClusterConfig {
    join = List.copyOf(join);
  }

  /** Where other brokers connect. */
  public Optional<ListenAddress> internalAddress() {
    return internalListen.map(listen -> internalAdvertise.orElseGet(listen::reachable));
  }
}
