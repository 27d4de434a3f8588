package io.funes.client;

/**
 * A batch is missing before this one. The producer mends this itself; it is seen only where that
 * failed.
 */
public final class SequenceGapException extends FunesException {
  private static final long serialVersionUID = 1L;

  private final int expectedSequence;
  private final int sequence;

  public SequenceGapException(Failure failure, int expectedSequence, int sequence) {
    super(failure);
    this.expectedSequence = expectedSequence;
    this.sequence = sequence;
  }

  /** The sequence that the partition expects next. */
  public int expectedSequence() {
    return expectedSequence;
  }

  /** The sequence that the request carried. */
  public int sequence() {
    return sequence;
  }
}
