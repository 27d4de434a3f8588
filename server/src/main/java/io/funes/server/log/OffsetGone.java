package io.funes.server.log;

/** The offset was deleted by retention after the caller had looked at the log's bounds. */
public final class OffsetGone extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long logStartOffset;

  OffsetGone(long offset, long logStartOffset) {
    super(
        "offset %d was deleted, the log starts at %d".formatted(offset, logStartOffset),
        null,
        false,
        false);
    this.logStartOffset = logStartOffset;
  }

  public long logStartOffset() {
    return logStartOffset;
  }
}
