package io.funes.server.metadata.raft;

/**
 * Times and sizes that tests make smaller.
 *
 * @param electionMinMs a follower that hears nothing for so long, and up to {@code electionMaxMs},
 *     asks for votes; a leader without its majority steps down after the latter
 * @param requestMs how long one call waits for its answer
 * @param submitMs how long a command looks for a leader
 * @param snapshotEvery commands between two snapshots
 * @param chunkBytes of a snapshot sent in one call
 * @param kept entries that stay in the log behind a snapshot, for followers that lag
 * @param purgeGap entries that it takes for a purge
 */
public record RaftTuning(
    long electionMinMs,
    long electionMaxMs,
    long requestMs,
    long submitMs,
    long snapshotEvery,
    int chunkBytes,
    int kept,
    int purgeGap) {
  public static final RaftTuning DEFAULT =
      new RaftTuning(500, 1_000, 3_000, 15_000, 10_000, 4 << 20, 1_000, 1_024);

  public RaftTuning withSnapshotEvery(long commands) {
    return new RaftTuning(
        electionMinMs, electionMaxMs, requestMs, submitMs, commands, chunkBytes, kept, purgeGap);
  }
}
