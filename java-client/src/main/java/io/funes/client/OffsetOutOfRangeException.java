package io.funes.client;

/** The offset asked for is below the log's start or above its end. */
public final class OffsetOutOfRangeException extends FunesException {
  private static final long serialVersionUID = 1L;

  private final TopicPartition topicPartition;
  private final long offset;
  private final long logStartOffset;
  private final long highWatermark;

  public OffsetOutOfRangeException(
      Failure failure,
      TopicPartition topicPartition,
      long offset,
      long logStartOffset,
      long highWatermark) {
    super(failure);
    this.topicPartition = topicPartition;
    this.offset = offset;
    this.logStartOffset = logStartOffset;
    this.highWatermark = highWatermark;
  }

  /** The partition; null where the broker did not say. */
  public TopicPartition topicPartition() {
    return topicPartition;
  }

  /** The offset asked for, -1 where not known. */
  public long offset() {
    return offset;
  }

  /** First offset that can be read, -1 where not known. */
  public long logStartOffset() {
    return logStartOffset;
  }

  /** One past the last offset that can be read, -1 where not known. */
  public long highWatermark() {
    return highWatermark;
  }
}
