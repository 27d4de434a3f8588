package io.funes.client;

/**
 * The log's end is not where {@link Producer#appendAt} expected it: somebody else wrote. Nothing of
 * this caller was written.
 */
public final class OffsetMismatchException extends FunesException {
  private static final long serialVersionUID = 1L;

  private final long logEndOffset;

  public OffsetMismatchException(Failure failure, long logEndOffset) {
    super(failure);
    this.logEndOffset = logEndOffset;
  }

  /** Offset that the next record will get. */
  public long logEndOffset() {
    return logEndOffset;
  }
}
