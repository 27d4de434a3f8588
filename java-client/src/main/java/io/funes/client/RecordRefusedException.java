package io.funes.client;

/**
 * The broker, or the client on its behalf, refused a record or the batch that it was in: too large,
 * without the key it needs, not valid.
 */
public final class RecordRefusedException extends FunesException {
  private static final long serialVersionUID = 1L;

  RecordRefusedException(Failure failure) {
    super(failure);
  }
}
