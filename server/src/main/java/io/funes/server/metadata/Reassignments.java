package io.funes.server.metadata;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.metadata.MetadataCommand.AlterReplicas;
import io.funes.server.metadata.MetadataStateMachine.Step;
import io.funes.server.metadata.Outcome.ReplicasAltered;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Moves replicas. New ones are added to the old ones and copy; when all of them are in sync, the
 * old ones go ({@link PartitionChange}). Until then the replicas of before can be had back.
 */
final class Reassignments {
  private Reassignments() {}

  static Step alter(MetadataImage image, AlterReplicas command) {
    PartitionEdits edits = new PartitionEdits(image);
    Optional<ErrorCode> missing = edits.missing(command.partition());
    if (missing.isPresent()) {
      return Step.refused(
          image,
          Refusal.of(
                  missing.get(),
                  "there is no partition %s: check its topic and number"
                      .formatted(command.partition()))
              .with("partition", command.partition()));
    }
    PartitionImage now = edits.get(command.partition());
    List<Integer> before = without(now.replicas(), now.adding());
    List<Integer> target = command.replicas().orElse(before);
    Optional<Refusal> wrong = check(image, now, target, before);
    if (wrong.isPresent()) {
      return Step.refused(image, wrong.get());
    }
    List<Integer> removing = without(before, target);
    List<Integer> all = new ArrayList<>(target);
    all.addAll(removing);
    PartitionImage after =
        edits.edit(
            command.partition(),
            (partition, terms) ->
                new PartitionChange(partition, terms)
                    .reassign(List.copyOf(all), without(target, before), removing)
                    .settled());
    MetadataImage next = edits.edited();
    Optional<Refusal> full = TopicCommands.checkBrokersHold(image, next, command.limits());
    return full.isPresent()
        ? Step.refused(image, full.get())
        : edits.applied(image, next, new ReplicasAltered(after));
  }

  private static Optional<Refusal> check(
      MetadataImage image, PartitionImage now, List<Integer> target, List<Integer> before) {
    for (int id : without(target, now.replicas())) {
      Optional<BrokerImage> broker = image.broker(id);
      if (broker.isEmpty()) {
        return Optional.of(BrokerRefusals.unknown(id));
      }
      if (!broker.get().writable()) {
        return Optional.of(BrokerRefusals.cannotTakeReplicas(id));
      }
    }
    List<Integer> holders = new ArrayList<>(now.inSync());
    holders.addAll(now.eligibleLeaders());
    boolean lost =
        !holders.isEmpty()
            && holders.stream().noneMatch(id -> target.contains(id) || before.contains(id));
    return lost ? Optional.of(BrokerRefusals.wouldLoseRecords()) : Optional.empty();
  }

  private static List<Integer> without(List<Integer> ids, List<Integer> others) {
    return ids.stream().filter(id -> !others.contains(id)).toList();
  }
}
