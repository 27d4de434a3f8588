package io.funes.server.controller;

import java.util.concurrent.CompletableFuture;

/** Finds out whether a process still listens. */
public interface Probe {
  /** What became of a dial. */
  enum Answer {
    REACHED,
    /** Its machine is up and nothing listens there: the process is gone. */
    REFUSED,
    /** Nobody answered in time, or it could not be dialled: it may be alive. */
    UNKNOWN
  }

  /** Comes soon, far within a session; does not fail. */
  CompletableFuture<Answer> dial(String address);
}
