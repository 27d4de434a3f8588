package io.funes.client;

/** A newer instance of this producer exists. */
public final class ProducerFencedException extends FunesException {
  private static final long serialVersionUID = 1L;

  private final int currentEpoch;

  public ProducerFencedException(Failure failure, int currentEpoch) {
    super(failure);
    this.currentEpoch = currentEpoch;
  }

  /** Epoch of the newest instance seen by the broker. */
  public int currentEpoch() {
    return currentEpoch;
  }
}
