package io.funes.client;

/** A batch that was read does not match its checksum or its own header. */
public final class CorruptBatchException extends FunesException {
  private static final long serialVersionUID = 1L;

  private final TopicPartition topicPartition;
  private final long baseOffset;

  public CorruptBatchException(Failure failure, TopicPartition topicPartition, long baseOffset) {
    super(failure);
    this.topicPartition = topicPartition;
    this.baseOffset = baseOffset;
  }

  /** The partition. */
  public TopicPartition topicPartition() {
    return topicPartition;
  }

  /** Offset of the batch's first record. */
  public long baseOffset() {
    return baseOffset;
  }
}
