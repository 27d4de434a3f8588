package io.funes.client;

import java.util.Map;

/**
 * The broker refused a request for what it says, or for how the cluster stands, such as the removal
 * of a broker that is up. Repeating it does not help before one of them is another; the message
 * says what to do.
 */
public final class InvalidRequestException extends FunesException {
  private static final long serialVersionUID = 1L;

  private final transient Map<String, String> fieldViolations;

  public InvalidRequestException(Failure failure, Map<String, String> fieldViolations) {
    super(failure);
    this.fieldViolations = fieldViolations;
  }

  /** What is wrong by field name; may be empty. Lost in Java serialization. */
  public Map<String, String> fieldViolations() {
    return fieldViolations;
  }
}
