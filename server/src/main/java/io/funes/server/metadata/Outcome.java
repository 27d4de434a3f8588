package io.funes.server.metadata;

import io.funes.server.common.Refusal;
import java.util.List;

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

  /** The id that the broker registers with. */
  record BrokerJoined(int brokerId) implements Result {}

  /** To be presented by the broker with whatever it asks of others. */
  record BrokerRegistered(long brokerEpoch) implements Result {}

  /** The broker as it is now. */
  record BrokerChanged(BrokerImage broker) implements Result {}

  /** The version as it is now. */
  record VersionRaised(int version) implements Result {}

  /** How many partitions it still leads, since no other broker can. */
  record BrokerShuttingDown(int leaders) implements Result {}

  /** One answer per change, in their order. */
  record InSyncAltered(List<PartitionAnswer> answers) implements Result {
    public InSyncAltered {
      answers = List.copyOf(answers);
    }
  }

  /** One answer per partition, in their order: altered where it is led as was asked. */
  record LeadersElected(List<PartitionAnswer> answers) implements Result {
    public LeadersElected {
      answers = List.copyOf(answers);
    }
  }

  /** The partition as it is now: the reassignment may be complete already. */
  record ReplicasAltered(PartitionImage now) implements Result {}

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
