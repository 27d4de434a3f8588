package io.funes.client;

/**
 * A compressed batch would take more memory than the consumer gives one: see {@link
 * Consumer.Builder#maxBatchBytes}.
 */
public final class BatchTooLargeException extends FunesException {
  private static final long serialVersionUID = 1L;

  private final TopicPartition topicPartition;
  private final long baseOffset;
  private final long nextOffset;

  public BatchTooLargeException(
      Failure failure, TopicPartition topicPartition, long baseOffset, long nextOffset) {
    super(failure);
    this.topicPartition = topicPartition;
    this.baseOffset = baseOffset;
    this.nextOffset = nextOffset;
  }

  /** The partition. */
  public TopicPartition topicPartition() {
    return topicPartition;
  }

  /** Offset of the batch's first record. */
  public long baseOffset() {
    return baseOffset;
  }

  /** Where to seek in order to pass the batch over. */
  public long nextOffset() {
    return nextOffset;
  }
}
