package io.funes.client;

/**
 * What all exceptions of the client say, whatever their type. The client makes them; others do in
 * tests of what they do about failures.
 *
 * @param reason why
 * @param message what happened and what to do about it
 * @param retriable whether the same call may succeed later without a change
 * @param cause null for none
 */
public record Failure(ErrorReason reason, String message, boolean retriable, Throwable cause) {
  /** A failure without a cause that a repetition does not mend. */
  public static Failure of(ErrorReason reason, String message) {
    return new Failure(reason, message, false, null);
  }
}
