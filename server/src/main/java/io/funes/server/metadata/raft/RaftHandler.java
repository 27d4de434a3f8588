package io.funes.server.metadata.raft;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Answers the calls of the other brokers of the quorum. */
@FunctionalInterface
public interface RaftHandler {
  /**
   * May block for as long as a disk does, so it must not be called on a network thread. Calls of
   * one caller may overlap.
   *
   * @throws IOException what was asked cannot be done now; for the caller it is as if the broker
   *     had not been reached
   */
  CompletableFuture<byte[]> handle(RaftCall kind, byte[] body) throws IOException;
}
