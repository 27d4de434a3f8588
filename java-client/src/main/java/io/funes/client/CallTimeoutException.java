package io.funes.client;

/** A call's time was over. Whether a change was made is not known. */
public final class CallTimeoutException extends FunesException {
  private static final long serialVersionUID = 1L;

  public CallTimeoutException(Failure failure) {
    super(failure);
  }
}
