package io.funes.client;

import java.time.Duration;

/** The broker cannot be reached or cannot serve this partition just now. Retriable. */
public final class UnavailableException extends FunesException {
  private static final long serialVersionUID = 1L;

  private final Duration retryDelay;

  public UnavailableException(Failure failure, Duration retryDelay) {
    super(failure);
    this.retryDelay = retryDelay;
  }

  /** How long to wait before the next try; zero where the broker did not say. */
  public Duration retryDelay() {
    return retryDelay;
  }
}
