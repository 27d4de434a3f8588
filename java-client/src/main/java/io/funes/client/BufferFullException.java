package io.funes.client;

/**
 * There was no room in the producer's buffer within the time that send may block. The record was
 * not accepted. Retriable.
 */
public final class BufferFullException extends FunesException {
  private static final long serialVersionUID = 1L;

  public BufferFullException(Failure failure) {
    super(failure);
  }
}
