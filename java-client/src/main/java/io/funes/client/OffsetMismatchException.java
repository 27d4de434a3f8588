package io.funes.client;

/** The log's end is not where a conditional append expected it. */
public final class OffsetMismatchException extends FunesException {
  private static final long serialVersionUID = 1L;

  private final long logEndOffset;

  OffsetMismatchException(Failure failure, long logEndOffset) {
    super(failure);
    this.logEndOffset = logEndOffset;
  }

  /** Offset that the next record will get. */
  public long logEndOffset() {
    return logEndOffset;
  }
}
