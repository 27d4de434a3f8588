package io.funes.server.replication;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.common.RefusedException;
import io.funes.server.metadata.TopicImage;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A topic as this broker serves it. Replaced as a whole when its metadata changes.
 *
 * @param replicas by partition, empty for those that this broker holds no replica of
 */
public record ServedTopic(TopicImage image, TopicRules rules, List<Optional<Replica>> replicas) {
  public ServedTopic {
    replicas = List.copyOf(replicas);
  }

  public int partitionCount() {
    return replicas.size();
  }

  /** The leader of the partition, which must be this broker. */
  public LeaderPartition leader(int number) {
    LeaderPartition leader = leaderOrNull(number);
    if (leader == null) {
      throw notLeader(number).exception();
    }
    return leader;
  }

  /** Whether this broker leads the partition, which must be one of the topic's. */
  public boolean ledHere(int number) {
    return leaderOrNull(number) != null;
  }

  /** Of the partition, which must be one of the topic's, as far as this broker has heard. */
  public int leaderEpoch(int number) {
    return image.partitions().get(number).leaderEpoch();
  }

  /**
   * The partition for readers: led here, or where that will do, followed here in sync.
   *
   * @throws RefusedException as not led here, where it is neither
   */
  public ReadablePartition readable(int number, boolean allowFollower) {
    Optional<Replica> replica = replica(number);
    ReadablePartition found =
        replica.isEmpty()
            ? null
            : allowFollower ? replica.get().readable() : replica.get().leader();
    if (found == null) {
      throw notLeader(number).exception();
    }
    return found;
  }

  private LeaderPartition leaderOrNull(int number) {
    Optional<Replica> replica = replica(number);
    return replica.isPresent() ? replica.get().leader() : null;
  }

  private Optional<Replica> replica(int number) {
    if (number < 0 || number >= replicas.size()) {
      throw Refusal.of(
              ErrorCode.UNKNOWN_PARTITION,
              "topic %s has partitions 0 to %d, not %d"
                  .formatted(image.name(), replicas.size() - 1, number))
          .with("topic", image.name())
          .with("partition", number)
          .with("partition_count", replicas.size())
          .exception();
    }
    return replicas.get(number);
  }

  /** Why a call for the partition is not answered here. */
  public Refusal notLeader(int number) {
    return PartitionRefusals.notLeader(image.partitionId(number), image.partitions().get(number));
  }

  Stream<Replica> held() {
    return replicas.stream().flatMap(Optional::stream);
  }
}
