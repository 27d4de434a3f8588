package io.funes.server.replication.transport;

/** What came is no frame that this broker knows. */
final class UnknownFrame extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnknownFrame(String message) {
    super(message);
  }
}
