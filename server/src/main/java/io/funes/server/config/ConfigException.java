package io.funes.server.config;

/**
 * A mistake in the configuration. The message is for the operator: where, what, and what is legal.
 */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ConfigException(String message) {
    super(message);
  }
}
