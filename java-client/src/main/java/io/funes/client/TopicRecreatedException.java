package io.funes.client;

/**
 * The topic was deleted, and another one of the same name was created: offsets of the first mean
 * nothing in the second.
 */
public final class TopicRecreatedException extends UnknownTopicException {
  private static final long serialVersionUID = 1L;

  private final String topic;

  public TopicRecreatedException(Failure failure, String topic) {
    super(failure);
    this.topic = topic;
  }

  /** Name of the topics. */
  public String topic() {
    return topic;
  }
}
