package io.funes.client;

/** The caller may not do that, for example write to a topic that belongs to the brokers. */
public final class AccessDeniedException extends FunesException {
  private static final long serialVersionUID = 1L;

  public AccessDeniedException(Failure failure) {
    super(failure);
  }
}
