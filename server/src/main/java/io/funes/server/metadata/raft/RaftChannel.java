package io.funes.server.metadata.raft;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** Carries calls to the other brokers of the quorum. */
@FunctionalInterface
public interface RaftChannel {
  /**
   * Asks the broker at the address. The future fails with an {@link IOException} when it cannot be
   * reached, has failed itself, or has not answered in time: it may have done what was asked, or
   * not.
   */
  CompletableFuture<byte[]> call(String address, RaftCall kind, byte[] body, long timeoutMs);

  /** For a broker that is alone, and whoever wants it to be. */
  static RaftChannel none() {
    return (address, kind, body, timeoutMs) ->
        CompletableFuture.failedFuture(
            new IOException("this broker has no internal listener to call others from"));
  }
}
