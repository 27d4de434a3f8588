package io.funes.client;

/** The library of a compression codec is not on the class path; the message names it. */
public final class CodecMissingException extends FunesException {
  private static final long serialVersionUID = 1L;

  public CodecMissingException(Failure failure) {
    super(failure);
  }
}
