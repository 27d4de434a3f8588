package io.funes.server.api.mapping;

import io.funes.proto.v1.PartitionProblem;
import io.funes.server.metadata.PartitionImage;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with a partition, if anything is. */
final class PartitionHealth {
  private PartitionHealth() {}

  /**
   * The problems of a partition.
   *
   * @param minInSync as acks=all asks of it
   */
  static List<PartitionProblem> problems(PartitionImage partition, int minInSync) {
    List<PartitionProblem> problems = new ArrayList<>(0);
    if (underReplicated(partition)) {
      problems.add(PartitionProblem.PARTITION_PROBLEM_UNDER_REPLICATED);
    }
    if (partition.inSync().size() < minInSync) {
      problems.add(PartitionProblem.PARTITION_PROBLEM_UNDER_MIN_IN_SYNC);
    }
    if (partition.leaderId() == PartitionImage.NO_LEADER) {
      problems.add(PartitionProblem.PARTITION_PROBLEM_OFFLINE);
    }
    return problems;
  }

  /** A replica that a reassignment adds is not expected to be in sync yet. */
  private static boolean underReplicated(PartitionImage partition) {
    return partition.replicas().stream()
        .anyMatch(id -> !partition.inSync().contains(id) && !partition.adding().contains(id));
  }

  static boolean reassigning(PartitionImage partition) {
    return !partition.adding().isEmpty() || !partition.removing().isEmpty();
  }
}
