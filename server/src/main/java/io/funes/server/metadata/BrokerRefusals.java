package io.funes.server.metadata;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;

/** What is told of brokers, and what to do next. */
final class BrokerRefusals {
  private BrokerRefusals() {}

  static Refusal unknown(int brokerId) {
    return Refusal.of(
            ErrorCode.UNKNOWN_BROKER,
            "there is no broker %d: check the id, or start it".formatted(brokerId))
        .with("broker", brokerId);
  }

  static Refusal staleEpoch(BrokerImage broker, long epoch) {
    return Refusal.of(
            ErrorCode.STALE_BROKER_EPOCH,
            "broker %d has epoch %d and not %d: it was registered again; register before you go on"
                .formatted(broker.id(), broker.epoch(), epoch))
        .with("broker", broker.id())
        .with("broker_epoch", epoch)
        .with("broker_epoch_now", broker.epoch());
  }

  static Refusal inUse(BrokerImage broker) {
    String why =
        broker.replicaCount() > 0
            ? "holds %d replicas: move them to other brokers first".formatted(broker.replicaCount())
            : "is up: stop it first";
    return Refusal.of(ErrorCode.BROKER_IN_USE, "broker %d %s".formatted(broker.id(), why))
        .with("broker", broker.id())
        .with("replicas", broker.replicaCount());
  }

  /** For a replica that is to be added. */
  static Refusal cannotTakeReplicas(int brokerId) {
    return Refusal.of(
            ErrorCode.INELIGIBLE_REPLICA,
            "broker %d is down, shutting down or read-only and cannot take a replica: name another, or start it or look at its disk first"
                .formatted(brokerId))
        .with("broker", brokerId);
  }

  static Refusal wouldLoseRecords() {
    return Refusal.of(
        ErrorCode.INELIGIBLE_REPLICA,
        "no replica that would stay has all committed records: wait until one is in sync, or choose one that is");
  }
}
