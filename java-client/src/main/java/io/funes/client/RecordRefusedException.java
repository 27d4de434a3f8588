package io.funes.client;

/**
 * The broker, or the client on its behalf, refused a record or the batch that it was in: too large,
 * without the key it needs, not valid. A batch is refused as a whole; those of its records that are
 * not {@link #isToBlame} may be sent again as they are.
 */
public final class RecordRefusedException extends FunesException {
  private static final long serialVersionUID = 1L;
  private static final int ANY = -1;

  private final int index;
  private final boolean toBlame;

  public RecordRefusedException(Failure failure) {
    this(failure, ANY, true);
  }

  /**
   * A refusal of one record of a batch.
   *
   * @param index of the record that is to blame, negative where that is not known
   */
  public RecordRefusedException(Failure failure, int index) {
    this(failure, index, true);
  }

  private RecordRefusedException(Failure failure, int index, boolean toBlame) {
    super(failure);
    this.index = index;
    this.toBlame = toBlame;
  }

  /**
   * Whether it is this record's own fault, or may be; false where another record of its batch is
   * known to be at fault.
   */
  public boolean isToBlame() {
    return toBlame;
  }

  /** What the refusal of a batch means for its record of this index. */
  public RecordRefusedException of(int record) {
    if (index < 0 || index == record) {
      return this;
    }
    String message = "not written, since another record of its batch was refused: " + getMessage();
    return new RecordRefusedException(new Failure(reason(), message, false, this), index, false);
  }
}
