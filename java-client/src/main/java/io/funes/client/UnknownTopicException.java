package io.funes.client;

/** There is no such topic or partition. */
public class UnknownTopicException extends FunesException {
  private static final long serialVersionUID = 1L;

  public UnknownTopicException(Failure failure) {
    super(failure);
  }
}
