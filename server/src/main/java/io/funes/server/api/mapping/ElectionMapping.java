package io.funes.server.api.mapping;

import io.funes.proto.v1.ElectionKind;
import io.funes.proto.v1.ElectionResult;
import io.funes.proto.v1.TopicPartition;
import io.funes.server.common.ErrorCode;
import io.funes.server.common.PartitionId;
import io.funes.server.common.Refusal;
import io.funes.server.metadata.MetadataCommand.ElectLeaders.Kind;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.PartitionAnswer;
import io.funes.server.metadata.PartitionImage;
import io.funes.server.metadata.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Elections, from the protocol to commands and back. */
public final class ElectionMapping {
  private ElectionMapping() {}

  /** The kind of election; a refusal of one that this release does not know. */
  public static Kind kind(ElectionKind kind) {
    return switch (kind) {
      case ELECTION_KIND_UNSPECIFIED, ELECTION_KIND_PREFERRED -> Kind.PREFERRED;
      case ELECTION_KIND_UNCLEAN -> Kind.UNCLEAN;
      case UNRECOGNIZED ->
          throw Refusal.of(
                  ErrorCode.INVALID_ARGUMENT,
                  "there is no such kind of election: use ELECTION_KIND_PREFERRED or ELECTION_KIND_UNCLEAN")
              .field("kind")
              .exception();
    };
  }

  /** The partition; a refusal where there is none. */
  public static PartitionId partition(MetadataImage image, TopicPartition partition) {
    return ReassignmentMapping.partition(image, partition.getTopic(), partition.getPartition());
  }

  /** The partitions that others lead than their first replica, the first ones of them. */
  public static List<TopicPartition> notLedByPreferred(MetadataImage image, int max) {
    List<TopicPartition> found = new ArrayList<>();
    for (TopicImage topic : image.topics()) {
      for (int number = 0; number < topic.partitions().size(); number++) {
        PartitionImage partition = topic.partitions().get(number);
        if (partition.leaderId() != partition.replicas().getFirst() && found.size() < max) {
          found.add(
              TopicPartition.newBuilder()
                  .setTopic(topic.name().value())
                  .setPartition(number)
                  .build());
        }
      }
    }
    return found;
  }

  /** What came of the election in a partition that was named in the command. */
  public static ElectionResult result(TopicPartition partition, Kind kind, PartitionAnswer answer) {
    ElectionResult.Builder result = result(partition);
    switch (answer) {
      case PartitionAnswer.Altered(PartitionImage now) ->
          result.setLeaderId(now.leaderId()).setLeaderEpoch(now.leaderEpoch());
      case PartitionAnswer.Refused(ErrorCode reason, var now) -> {
        now.ifPresent(
            image -> result.setLeaderId(image.leaderId()).setLeaderEpoch(image.leaderEpoch()));
        result.setError(
            StatusMapping.status(
                Refusal.of(reason, why(kind, reason, now.map(PartitionImage::replicas)))
                    .with("topic", partition.getTopic())
                    .with("partition", partition.getPartition())));
      }
    }
    return result.build();
  }

  public static ElectionResult failed(TopicPartition partition, Throwable failure) {
    Refusal refusal = StatusMapping.refusal(failure);
    return result(partition).setError(StatusMapping.status(refusal)).build();
  }

  private static ElectionResult.Builder result(TopicPartition partition) {
    return ElectionResult.newBuilder()
        .setTopic(partition.getTopic())
        .setPartition(partition.getPartition())
        .setLeaderId(PartitionImage.NO_LEADER);
  }

  private static String why(Kind kind, ErrorCode reason, Optional<List<Integer>> replicas) {
    if (reason != ErrorCode.INELIGIBLE_REPLICA || replicas.isEmpty()) {
      return "the partition is gone: it was deleted meanwhile";
    }
    return switch (kind) {
      case PREFERRED ->
          "broker %d, the first replica, is down or not in sync: start it, or wait until it has caught up"
              .formatted(replicas.get().getFirst());
      case UNCLEAN -> "no replica is up: start one of the brokers %s".formatted(replicas.get());
    };
  }
}
