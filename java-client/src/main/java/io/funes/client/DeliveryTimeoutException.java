package io.funes.client;

/**
 * A record was not acknowledged within the delivery timeout. It may or may not have been written.
 * The producer goes on with the next ones.
 */
public final class DeliveryTimeoutException extends FunesException {
  private static final long serialVersionUID = 1L;

  public DeliveryTimeoutException(Failure failure) {
    super(failure);
  }
}
