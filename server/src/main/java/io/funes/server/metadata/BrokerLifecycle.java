package io.funes.server.metadata;

import io.funes.server.common.Refusal;
import io.funes.server.metadata.MetadataCommand.FenceBroker;
import io.funes.server.metadata.MetadataCommand.JoinBroker;
import io.funes.server.metadata.MetadataCommand.RegisterBroker;
import io.funes.server.metadata.MetadataCommand.SetReadOnly;
import io.funes.server.metadata.MetadataCommand.ShutDownBroker;
import io.funes.server.metadata.MetadataCommand.UnfenceBroker;
import io.funes.server.metadata.MetadataCommand.UnregisterBroker;
import io.funes.server.metadata.MetadataStateMachine.Step;
import io.funes.server.metadata.Outcome.BrokerChanged;
import io.funes.server.metadata.Outcome.BrokerJoined;
import io.funes.server.metadata.Outcome.BrokerRegistered;
import io.funes.server.metadata.Outcome.BrokerShuttingDown;
import java.util.Optional;

/** Brokers come, are fenced and unfenced, and go; their partitions follow in the same step. */
final class BrokerLifecycle {
  private BrokerLifecycle() {}

  /** The same token again is a repeated call and gets the same id. */
  static Step join(MetadataImage image, JoinBroker command) {
    BrokerIds ids = image.brokerIds();
    Optional<JoinedBroker> known = ids.joined().get(command.token());
    int id = known.map(JoinedBroker::brokerId).orElse(ids.next());
    MetadataImage next =
        known.isPresent() ? image : image.withBrokerIds(ids.joined(command.token()));
    return Step.applied(image, next, MetadataDelta.NONE, new BrokerJoined(id));
  }

  /**
   * The same incarnation again is a repeated call and keeps its epoch (KAFKA-16952). Another one is
   * another life: it gets a higher epoch and is fenced, so that nothing it said before counts; and
   * where its files were not closed properly, nothing it held counts either (KIP-966).
   */
  static Step register(MetadataImage image, RegisterBroker command) {
    Optional<BrokerImage> known = image.broker(command.brokerId());
    boolean repeated = known.isPresent() && known.get().incarnation().equals(command.incarnation());
    if (repeated) {
      BrokerImage broker = known.get();
      return Step.applied(
          image,
          image.withBroker(
              registered(command, broker.epoch(), broker.replicaCount()).withStateOf(broker)),
          MetadataDelta.NONE,
          new BrokerRegistered(broker.epoch()));
    }
    long epoch = image.revision() + 1;
    boolean dataSurvived =
        known.map(BrokerImage::incarnation).equals(command.previousCleanIncarnation());
    int id = command.brokerId();
    BrokerImage broker = registered(command, epoch, known.map(BrokerImage::replicaCount).orElse(0));
    MetadataImage registered = image.withBroker(broker).withBrokerIds(image.brokerIds().taken(id));
    PartitionEdits edits =
        new PartitionEdits(registered)
            .all((partition, terms) -> left(partition, terms, id, dataSurvived));
    if (command.fenced()) {
      return edits.applied(image, edits.edited(), new BrokerRegistered(epoch));
    }
    MetadataImage unfenced = unfenced(edits.edited(), broker).edited();
    return Step.applied(
        image, unfenced, MetadataDelta.between(image, unfenced), new BrokerRegistered(epoch));
  }

  static Step fence(MetadataImage image, FenceBroker command) {
    Optional<Refusal> stale = check(image, command.brokerId(), command.brokerEpoch());
    if (stale.isPresent()) {
      return Step.refused(image, stale.get());
    }
    BrokerImage broker = image.broker(command.brokerId()).orElseThrow();
    MetadataImage fenced = image.withBroker(broker.withFenced(true));
    PartitionEdits edits =
        new PartitionEdits(fenced)
            .all((partition, terms) -> left(partition, terms, broker.id(), true));
    return changed(image, edits, broker.id());
  }

  static Step unfence(MetadataImage image, UnfenceBroker command) {
    Optional<Refusal> stale = check(image, command.brokerId(), command.brokerEpoch());
    if (stale.isPresent()) {
      return Step.refused(image, stale.get());
    }
    BrokerImage broker = image.broker(command.brokerId()).orElseThrow();
    return changed(image, unfenced(image, broker), broker.id());
  }

  /**
   * It leaves the in-sync replicas wherever another can lead, and so its followers need not wait
   * for it when it stops; where it is the only one, it leads to the end.
   */
  static Step shutDown(MetadataImage image, ShutDownBroker command) {
    Optional<Refusal> stale = check(image, command.brokerId(), command.brokerEpoch());
    if (stale.isPresent()) {
      return Step.refused(image, stale.get());
    }
    BrokerImage broker = image.broker(command.brokerId()).orElseThrow();
    MetadataImage leaving = image.withBroker(broker.withShuttingDown(true));
    int[] leaders = {0};
    PartitionEdits edits =
        new PartitionEdits(leaving)
            .all((partition, terms) -> {
              PartitionImage after =
                  partition.inSync().contains(broker.id())
                      ? new PartitionChange(partition, terms).settled()
                      : partition;
              leaders[0] += after.leaderId() == broker.id() ? 1 : 0;
              return after;
            });
    return edits.applied(image, edits.edited(), new BrokerShuttingDown(leaders[0]));
  }

  /**
   * It stays in sync for as long as it can, but leads no more where another in-sync replica takes
   * records.
   */
  static Step setReadOnly(MetadataImage image, SetReadOnly command) {
    Optional<Refusal> stale = check(image, command.brokerId(), command.brokerEpoch());
    if (stale.isPresent()) {
      return Step.refused(image, stale.get());
    }
    BrokerImage broker = image.broker(command.brokerId()).orElseThrow();
    MetadataImage next = image.withBroker(broker.withReadOnly(command.readOnly()));
    PartitionEdits edits =
        new PartitionEdits(next)
            .all((partition, terms) ->
                partition.inSync().contains(broker.id())
                    ? new PartitionChange(partition, terms).settled()
                    : partition);
    return changed(image, edits, broker.id());
  }

  /** Only one that is down and holds nothing can be forgotten. */
  static Step unregister(MetadataImage image, UnregisterBroker command) {
    Optional<Refusal> stale = check(image, command.brokerId(), command.brokerEpoch());
    if (stale.isPresent()) {
      return Step.refused(image, stale.get());
    }
    BrokerImage broker = image.broker(command.brokerId()).orElseThrow();
    if (!broker.fenced() || broker.replicaCount() > 0) {
      return Step.refused(image, BrokerRefusals.inUse(broker));
    }
    MetadataImage next =
        image
            .withoutBroker(broker.id())
            .withBrokerIds(image.brokerIds().withoutJoinOf(broker.id()));
    return Step.applied(image, next, MetadataDelta.NONE, new BrokerChanged(broker));
  }

  /** Why a broker of this id and epoch has no say. */
  static Optional<Refusal> check(MetadataImage image, int brokerId, long brokerEpoch) {
    Optional<BrokerImage> broker = image.broker(brokerId);
    if (broker.isEmpty()) {
      return Optional.of(BrokerRefusals.unknown(brokerId));
    }
    return broker.get().epoch() == brokerEpoch
        ? Optional.empty()
        : Optional.of(BrokerRefusals.staleEpoch(broker.get(), brokerEpoch));
  }

  private static BrokerImage registered(RegisterBroker command, long epoch, int replicaCount) {
    return new BrokerImage(
        command.brokerId(),
        command.incarnation(),
        command.address(),
        command.internalAddress(),
        command.rack(),
        epoch,
        true,
        false,
        false,
        replicaCount);
  }

  private static PartitionEdits unfenced(MetadataImage image, BrokerImage broker) {
    MetadataImage unfenced = image.withBroker(broker.withFenced(false));
    return new PartitionEdits(unfenced)
        .all((partition, terms) ->
            partition.leaderId() == PartitionImage.NO_LEADER
                    && partition.replicas().contains(broker.id())
                ? new PartitionChange(partition, terms).settled()
                : partition);
  }

  private static PartitionImage left(
      PartitionImage partition, PartitionTerms terms, int brokerId, boolean dataSurvived) {
    if (partition.inSync().contains(brokerId)) {
      PartitionChange change = new PartitionChange(partition, terms);
      return (dataSurvived ? change.without(brokerId) : change.withoutDataOf(brokerId)).settled();
    }
    return !dataSurvived && partition.eligibleLeaders().contains(brokerId)
        ? new PartitionChange(partition, terms).withoutDataOf(brokerId).settled()
        : partition;
  }

  private static Step changed(MetadataImage before, PartitionEdits edits, int brokerId) {
    MetadataImage next = edits.edited();
    return edits.applied(before, next, new BrokerChanged(next.broker(brokerId).orElseThrow()));
  }
}
