package io.funes.server.metadata.raft;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * Where the metadata log stands and what it belongs to.
 *
 * @param folder for Ratis alone
 * @param self this broker, with the address at which the others reach it
 */
public record RaftConfig(Path folder, UUID clusterId, Peer self, Start start, RaftTuning tuning) {
  /** What the broker was before. Who its fellows are stands in its log; an empty log needs this. */
  public sealed interface Start {
    /** Never up before: the first broker of a new cluster, its only voter. */
    record Found() implements Start {}

    /**
     * Never up before: one more broker. It listens to nobody until the leader of the cluster
     * invites it, since an id that the quorum still counts on must not come back with an empty log.
     *
     * @param seeds internal addresses of brokers of the cluster, to find the leader by
     */
    record Join(List<String> seeds) implements Start {
      public Join {
        seeds = List.copyOf(seeds);
      }
    }

    /** Was up before: a missing log is a lost disk. */
    record Restart() implements Start {}
  }

  /** A broker without an internal listener. */
  public RaftConfig(Path folder, UUID clusterId, int nodeId, boolean firstStart) {
    this(
        folder,
        clusterId,
        new Peer(nodeId, ""),
        firstStart ? new Start.Found() : new Start.Restart(),
        RaftTuning.DEFAULT);
  }
}
