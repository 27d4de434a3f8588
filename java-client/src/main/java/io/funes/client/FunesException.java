package io.funes.client;

/**
 * The root of everything that this client throws, besides what Java's own exceptions say about
 * arguments.
 */
public class FunesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorReason reason;
  private final boolean retriable;

  FunesException(Failure failure) {
    super(failure.message(), failure.cause());
    this.reason = failure.reason();
    this.retriable = failure.retriable();
  }

  /** Why. */
  public ErrorReason reason() {
    return reason;
  }

  /** Whether the same call may succeed later without a change. */
  public boolean isRetriable() {
    return retriable;
  }
}
