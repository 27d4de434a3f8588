package io.funes.server.common;

/**
 * Carries a {@link Refusal} up to the API, which answers it as a status. It is an answer, not a
 * fault: no stack trace is taken, and nothing is logged above debug.
 */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  public RefusedException(Refusal refusal) {
    super(refusal.code() + ": " + refusal.message(), null, false, false);
    this.refusal = refusal;
  }

  public RefusedException(ErrorCode code, String message) {
    this(Refusal.of(code, message));
  }

  public Refusal refusal() {
    return refusal;
  }

  public ErrorCode code() {
    return refusal.code();
  }
}
