package io.funes.client;

/** What every exception of the client is made from. */
record Failure(ErrorReason reason, String message, boolean retriable, Throwable cause) {
  static Failure of(ErrorReason reason, String message) {
    return new Failure(reason, message, false, null);
  }
}
