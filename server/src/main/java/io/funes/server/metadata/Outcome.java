package io.funes.server.metadata;

import io.funes.server.common.Refusal;

/** What came of a command. */
public sealed interface Outcome {
  /** It took effect. */
  record Applied(Result result) implements Outcome {}

  /** It changed nothing. */
  record Refused(Refusal refusal) implements Outcome {}

  /** The answer to an applied command. */
  sealed interface Result {}

  /** The topic as it is now. */
  record TopicChanged(TopicImage topic) implements Result {}

  /** The topic as it was. */
  record TopicDeleted(TopicImage topic) implements Result {}

  /** To be presented by the broker with whatever it asks of others. */
  record BrokerRegistered(long brokerEpoch) implements Result {}

  /** The identity to produce with. */
  record ProducerInitialized(long producerId, int epoch) implements Result {}

  /** The result of an applied command; a refusal is thrown. */
  default Result orThrow() {
    return switch (this) {
      case Applied(Result result) -> result;
      case Refused(Refusal refusal) -> throw refusal.exception();
    };
  }
}
