package io.funes.server.log;

/** What a leader sent is damaged, or does not continue the log it was sent to. */
public final class ReplicaMismatch extends Exception {
  private static final long serialVersionUID = 1L;

  ReplicaMismatch(String message) {
    super(message);
  }
}
