package io.funes.server.metadata;

import java.util.concurrent.CompletableFuture;

/**
 * The replicated log of commands, and the image that this broker has applied from it. Any thread
 * may call.
 */
public interface MetadataLog {
  /**
   * Logs and applies the command. The answer comes when {@link #image()} has its effect and every
   * listener has heard of it. It fails with a {@link io.funes.server.common.RefusedException} of
   * BROKER_UNAVAILABLE when the log cannot be reached, after which the command may have been
   * applied or not.
   */
  CompletableFuture<Outcome> submit(MetadataCommand command);

  /** The newest image applied here. */
  MetadataImage image();

  /**
   * Tells the listener, at once, of all that there is as created; then of every change after it,
   * none missed.
   */
  void subscribe(MetadataListener listener);
}
