package io.funes.bench.system;

/** What a consumer gives out. */
public enum ReadMode {
  /** Records with values of their own, to keep. */
  COPIES,
  /**
   * The cheapest form that the client has: values that are parts of a buffer, gone at the next
   * poll.
   */
  VIEWS
}
