package io.funes.server.api.mapping;

import io.funes.proto.v1.Reassignment;
import io.funes.proto.v1.ReassignmentResult;
import io.funes.proto.v1.ReplicaAssignment;
import io.funes.server.api.mapping.ClusterMapping.Place;
import io.funes.server.common.ErrorCode;
import io.funes.server.common.PartitionId;
import io.funes.server.common.Refusal;
import io.funes.server.common.TopicName;
import io.funes.server.metadata.MetadataCommand.AlterReplicas;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.MetadataLimits;
import io.funes.server.metadata.Outcome;
import io.funes.server.metadata.PartitionImage;
import io.funes.server.metadata.TopicImage;
import java.util.Optional;
import java.util.function.Consumer;

/** Moves of partitions, from the protocol to commands and back. */
public final class ReassignmentMapping {
  private ReassignmentMapping() {}

  /** The command for one assignment; a refusal where there can be none. */
  public static AlterReplicas command(
      MetadataImage image, ReplicaAssignment assignment, MetadataLimits limits) {
    PartitionId id = partition(image, assignment.getTopic(), assignment.getPartition());
    boolean names = assignment.getReplicaIdsCount() > 0;
    if (names == assignment.getCancel()) {
      throw Refusal.of(
              ErrorCode.INVALID_ARGUMENT,
              "partition %d of topic %s: give either replica_ids or cancel"
                  .formatted(assignment.getPartition(), assignment.getTopic()))
          .field("assignments.replica_ids")
          .exception();
    }
    return new AlterReplicas(
        id, names ? Optional.of(assignment.getReplicaIdsList()) : Optional.empty(), limits);
  }

  /** The partition; a refusal where there is none. */
  static PartitionId partition(MetadataImage image, String topicName, int number) {
    TopicImage topic = TopicMapping.existing(image, new TopicName(topicName));
    if (number < 0 || number >= topic.partitions().size()) {
      throw Refusal.of(
              ErrorCode.UNKNOWN_PARTITION,
              "topic %s has partitions 0 to %d, not %d"
                  .formatted(topicName, topic.partitions().size() - 1, number))
          .with("topic", topicName)
          .with("partition", number)
          .with("partition_count", topic.partitions().size())
          .exception();
    }
    return topic.partitionId(number);
  }

  /** What came of an assignment. */
  public static ReassignmentResult result(ReplicaAssignment assignment, Outcome outcome) {
    ReassignmentResult.Builder result = result(assignment);
    return switch (outcome) {
      case Outcome.Refused(Refusal refusal) ->
          result.setError(StatusMapping.status(refusal)).build();
      case Outcome.Applied(Outcome.ReplicasAltered(PartitionImage now)) ->
          result
              .setReassignment(reassignment(assignment.getTopic(), assignment.getPartition(), now))
              .build();
      case Outcome.Applied(Outcome.Result other) -> throw new AssertionError(other);
    };
  }

  public static ReassignmentResult failed(ReplicaAssignment assignment, Throwable failure) {
    Refusal refusal = StatusMapping.refusal(failure);
    return result(assignment).setError(StatusMapping.status(refusal)).build();
  }

  private static ReassignmentResult.Builder result(ReplicaAssignment assignment) {
    return ReassignmentResult.newBuilder()
        .setTopic(assignment.getTopic())
        .setPartition(assignment.getPartition());
  }

  /** Gives {@code page} a page of the moves; returns where the next one begins. */
  public static Optional<Place> list(
      MetadataImage image, Place from, int size, Consumer<Reassignment> page) {
    int listed = 0;
    for (TopicImage topic : image.topics().from(from.topic())) {
      String name = topic.name().value();
      for (int number = 0; number < topic.partitions().size(); number++) {
        PartitionImage partition = topic.partitions().get(number);
        if (!PartitionHealth.reassigning(partition) || from.after(name, number)) {
          continue;
        }
        if (listed == size) {
          return Optional.of(new Place(name, number));
        }
        page.accept(reassignment(name, number, partition));
        listed++;
      }
    }
    return Optional.empty();
  }

  private static Reassignment reassignment(String topic, int number, PartitionImage partition) {
    return Reassignment.newBuilder()
        .setTopic(topic)
        .setPartition(number)
        .setLeaderId(partition.leaderId())
        .addAllReplicaIds(partition.replicas())
        .addAllInSyncReplicaIds(partition.inSync())
        .addAllAddingReplicaIds(partition.adding())
        .addAllRemovingReplicaIds(partition.removing())
        .build();
  }
}
