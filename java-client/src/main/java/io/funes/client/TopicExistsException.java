package io.funes.client;

/** A topic of this name exists. */
public final class TopicExistsException extends FunesException {
  private static final long serialVersionUID = 1L;

  public TopicExistsException(Failure failure) {
    super(failure);
  }
}
