package io.funes.server.metadata.raft;

/** What the brokers of a metadata quorum ask of each other. */
public enum RaftCall {
  /** Ratis: a vote for a candidate. */
  REQUEST_VOTE,
  /** Ratis: entries, or a heartbeat. */
  APPEND_ENTRIES,
  /** Ratis: a piece of a snapshot. */
  INSTALL_SNAPSHOT,
  /** Ratis: the leader hands over to the one called. */
  START_ELECTION,
  /** The leader is about to add the one called, or makes sure that it is there. */
  INVITE,
  /** A command for the log; only the leader takes it. */
  SUBMIT,
  /** A change of the members; only the leader takes it. */
  CHANGE_MEMBERS,
  /** How far the log is committed; only the leader knows. */
  COMMITTED
}
