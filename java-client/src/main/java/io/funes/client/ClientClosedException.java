package io.funes.client;

/** The producer, consumer or admin was closed. */
public final class ClientClosedException extends FunesException {
  private static final long serialVersionUID = 1L;

  public ClientClosedException(Failure failure) {
    super(failure);
  }
}
