package io.funes.client;

/** What a consumer does when the offset it wants is no longer, or not yet, in the log. */
public enum OffsetReset {
  /** {@link Consumer#poll} throws {@link OffsetOutOfRangeException}. */
  NONE,
  /** It goes on with the first record that is still there. */
  EARLIEST,
  /** It goes on behind the last record. */
  LATEST
}
