package io.funes.server.metadata.raft;

import java.nio.file.Path;
import java.util.UUID;

/**
 * Where the metadata log stands and what it belongs to.
 *
 * @param folder for Ratis alone
 * @param firstStart the node has never been up: an empty folder is a new log, and not a lost disk
 * @param snapshotEvery commands between two snapshots
 */
public record RaftConfig(
    Path folder, UUID clusterId, int nodeId, boolean firstStart, long snapshotEvery) {
  public static final long SNAPSHOT_EVERY_DEFAULT = 10_000;

  public RaftConfig(Path folder, UUID clusterId, int nodeId, boolean firstStart) {
    this(folder, clusterId, nodeId, firstStart, SNAPSHOT_EVERY_DEFAULT);
  }
}
