package io.funes.server.metadata;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.metadata.InSyncChange.Member;
import io.funes.server.metadata.MetadataCommand.AlterInSync;
import io.funes.server.metadata.MetadataStateMachine.Step;
import io.funes.server.metadata.Outcome.InSyncAltered;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Leaders change their in-sync replicas: compare-and-set on three epochs (KIP-497). */
final class InSyncChanges {
  private InSyncChanges() {}

  static Step alter(MetadataImage image, AlterInSync command) {
    Optional<Refusal> stale =
        BrokerLifecycle.check(image, command.brokerId(), command.brokerEpoch());
    if (stale.isPresent()) {
      return Step.refused(image, stale.get());
    }
    PartitionEdits edits = new PartitionEdits(image);
    List<PartitionAnswer> answers = new ArrayList<>(command.changes().size());
    for (InSyncChange change : command.changes()) {
      answers.add(answer(image, edits, command.brokerId(), change));
    }
    return edits.applied(image, edits.edited(), new InSyncAltered(answers));
  }

  private static PartitionAnswer answer(
      MetadataImage image, PartitionEdits edits, int brokerId, InSyncChange change) {
    Optional<ErrorCode> missing = edits.missing(change.partition());
    if (missing.isPresent()) {
      return new PartitionAnswer.Refused(missing.get(), Optional.empty());
    }
    PartitionImage now = edits.get(change.partition());
    Optional<ErrorCode> wrong = check(image, now, brokerId, change);
    if (wrong.isPresent()) {
      return new PartitionAnswer.Refused(wrong.get(), Optional.of(now));
    }
    return new PartitionAnswer.Altered(
        edits.edit(
            change.partition(),
            (partition, terms) -> {
              PartitionChange next =
                  new PartitionChange(partition, terms).inSync(brokerIds(change));
              return (change.recovered() ? next.recovered() : next).settled();
            }));
  }

  private static Optional<ErrorCode> check(
      MetadataImage image, PartitionImage now, int brokerId, InSyncChange change) {
    if (change.leaderEpoch() < now.leaderEpoch()) {
      return Optional.of(ErrorCode.FENCED_LEADER_EPOCH);
    }
    if (change.leaderEpoch() > now.leaderEpoch()
        || change.partitionEpoch() > now.partitionEpoch()) {
      return Optional.of(ErrorCode.UNKNOWN_LEADER_EPOCH);
    }
    if (now.leaderId() != brokerId) {
      return Optional.of(ErrorCode.NOT_LEADER);
    }
    if (change.partitionEpoch() < now.partitionEpoch()) {
      return Optional.of(ErrorCode.STALE_PARTITION_EPOCH);
    }
    return mayBeInSync(image, now, change)
        ? Optional.empty()
        : Optional.of(ErrorCode.INELIGIBLE_REPLICA);
  }

  private static boolean mayBeInSync(MetadataImage image, PartitionImage now, InSyncChange change) {
    boolean alone = now.recovering() && !change.recovered();
    return brokerIds(change).contains(now.leaderId())
        && (!alone || change.inSync().size() == 1)
        && change.inSync().stream().allMatch(member -> mayBeInSync(image, now, member));
  }

  private static boolean mayBeInSync(MetadataImage image, PartitionImage now, Member member) {
    Optional<BrokerImage> broker = image.broker(member.brokerId());
    if (broker.isEmpty() || !now.replicas().contains(member.brokerId())) {
      return false;
    }
    boolean leads = member.brokerId() == now.leaderId(); // It stays, also while it shuts down.
    return (leads || broker.get().active())
        && (member.brokerEpoch() == Member.EPOCH_UNKNOWN
            || member.brokerEpoch() == broker.get().epoch());
  }

  private static Set<Integer> brokerIds(InSyncChange change) {
    Set<Integer> ids = new HashSet<>();
    change.inSync().forEach(member -> ids.add(member.brokerId()));
    return ids;
  }
}
