package io.funes.server.metadata;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.PartitionId;
import io.funes.server.metadata.MetadataCommand.ElectLeaders;
import io.funes.server.metadata.MetadataCommand.ElectLeaders.Kind;
import io.funes.server.metadata.MetadataStateMachine.Step;
import io.funes.server.metadata.Outcome.LeadersElected;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Elections that somebody asked for; all others come with the change that makes them needed. */
final class Elections {
  private Elections() {}

  static Step elect(MetadataImage image, ElectLeaders command) {
    PartitionEdits edits = new PartitionEdits(image);
    List<PartitionAnswer> answers = new ArrayList<>(command.partitions().size());
    for (PartitionId id : command.partitions()) {
      Optional<ErrorCode> missing = edits.missing(id);
      answers.add(
          missing.isPresent()
              ? new PartitionAnswer.Refused(missing.get(), Optional.empty())
              : answer(edits, id, command.kind()));
    }
    return edits.applied(image, edits.edited(), new LeadersElected(answers));
  }

  private static PartitionAnswer answer(PartitionEdits edits, PartitionId id, Kind kind) {
    PartitionImage now =
        edits.edit(
            id,
            (partition, terms) ->
                switch (kind) {
                  case PREFERRED ->
                      new PartitionChange(partition, terms).preferredLeads().settled();
                  case UNCLEAN -> new PartitionChange(partition, terms.allowingUnclean()).settled();
                });
    boolean elected =
        switch (kind) {
          case PREFERRED -> now.leaderId() == now.replicas().getFirst();
          case UNCLEAN -> now.leaderId() != PartitionImage.NO_LEADER;
        };
    return elected
        ? new PartitionAnswer.Altered(now)
        : new PartitionAnswer.Refused(ErrorCode.INELIGIBLE_REPLICA, Optional.of(now));
  }
}
