package io.funes.server.metadata.raft;

/** This broker was taken out of the quorum, and with it out of the cluster, while it was away. */
public final class RemovedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RemovedException() {
    super(
        "this broker was removed from its cluster: to have it join as a new one, empty its data folder and start it with --join");
  }
}
