package io.funes.client;

/**
 * The broker failed in a way that it did not foresee, or gave a reason that this client does not
 * know.
 */
public final class BrokerFaultException extends FunesException {
  private static final long serialVersionUID = 1L;

  public BrokerFaultException(Failure failure) {
    super(failure);
  }
}
