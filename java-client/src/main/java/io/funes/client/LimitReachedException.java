package io.funes.client;

import java.time.Duration;

/** A limit of the broker is reached, such as room on its disk. */
public final class LimitReachedException extends FunesException {
  private static final long serialVersionUID = 1L;

  private final Duration retryDelay;

  public LimitReachedException(Failure failure, Duration retryDelay) {
    super(failure);
    this.retryDelay = retryDelay;
  }

  /** How long to wait before the next try; zero where the broker did not say. */
  public Duration retryDelay() {
    return retryDelay;
  }
}
