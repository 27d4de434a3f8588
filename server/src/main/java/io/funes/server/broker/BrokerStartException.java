package io.funes.server.broker;

/** A broker that could not start. The message is for the operator: what is wrong and what to do. */
public final class BrokerStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BrokerStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
