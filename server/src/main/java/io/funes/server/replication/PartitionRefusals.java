package io.funes.server.replication;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.PartitionId;
import io.funes.server.common.Refusal;
import io.funes.server.common.Refusal.Detail;
import io.funes.server.common.RefusedException;
import io.funes.server.metadata.PartitionImage;
import java.io.IOException;

/** What a partition says when it refuses. */
final class PartitionRefusals {
  private PartitionRefusals() {}

  static RefusedException outOfRange(long offset, long start, long visible) {
    return Refusal.of(
            ErrorCode.OFFSET_OUT_OF_RANGE,
            "offset %d is out of range: the partition has offsets %d to %d"
                .formatted(offset, start, visible))
        .with("offset", offset)
        .with("log_start_offset", start)
        .with("high_watermark", visible)
        .with(new Detail.OffsetRange(start, visible))
        .exception();
  }

  static Refusal storageFailure(PartitionId partition, IOException e) {
    return Refusal.of(
            ErrorCode.STORAGE_FAILURE,
            "partition %s cannot use its disk: %s; see the broker's log"
                .formatted(partition, e.getMessage()))
        .with("partition", partition);
  }

  static RefusedException offsetMismatch(long expected, long end) {
    return Refusal.of(
            ErrorCode.EXPECTED_OFFSET_MISMATCH,
            "the next offset is %d, not %d: read what was appended since, then decide again"
                .formatted(end, expected))
        .with("expected_offset", expected)
        .with("log_end_offset", end)
        .with(new Detail.OffsetMismatch(end))
        .exception();
  }

  static Refusal notEnoughReplicas(PartitionImage image, int minInSync) {
    return Refusal.of(
            ErrorCode.NOT_ENOUGH_REPLICAS,
            "%d replicas are in sync and min.insync.replicas is %d, nothing was written: try again when more brokers are up, or produce with acks=1"
                .formatted(image.inSync().size(), minInSync))
        .with("in_sync", image.inSync().size())
        .with("min_insync_replicas", minInSync);
  }

  static Refusal notEnoughReplicasAfterAppend(PartitionImage image, int minInSync) {
    return Refusal.of(
            ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
            "written, but only %d replicas are in sync and min.insync.replicas is %d: repeat it with the same sequence, it is not appended twice"
                .formatted(image.inSync().size(), minInSync))
        .with("in_sync", image.inSync().size())
        .with("min_insync_replicas", minInSync);
  }

  static Refusal notLeader(PartitionId partition, PartitionImage image) {
    return notLeader(partition, image.leaderId(), image.leaderEpoch());
  }

  static Refusal notLeader(PartitionId partition, int leaderId, int leaderEpoch) {
    return Refusal.of(
            leaderId == PartitionImage.NO_LEADER ? ErrorCode.NO_LEADER : ErrorCode.NOT_LEADER,
            leaderId == PartitionImage.NO_LEADER
                ? "partition %s has no leader now: try again, or see which of its brokers are down"
                    .formatted(partition)
                : "partition %s is led by broker %d: ask that one".formatted(partition, leaderId))
        .with("partition", partition)
        .with("leader", leaderId)
        .with("leader_epoch", leaderEpoch);
  }

  static RefusedException sequenceGap(long producerId, int expected, int sequence) {
    return Refusal.of(
            ErrorCode.SEQUENCE_GAP,
            "producer %d sent sequence %d, this partition expects %d: send the batch that begins there"
                .formatted(producerId, sequence, expected))
        .with("producer_id", producerId)
        .with("sequence", sequence)
        .with("expected_sequence", expected)
        .with(new Detail.SequenceGap(expected, sequence))
        .exception();
  }

  static RefusedException staleEpoch(long producerId, int current) {
    return Refusal.of(
            ErrorCode.STALE_PRODUCER_EPOCH,
            "producer %d has epoch %d by now: a newer instance writes; call InitProducer if this one should"
                .formatted(producerId, current))
        .with("producer_id", producerId)
        .with("current_epoch", current)
        .with(new Detail.ProducerFenced(current))
        .exception();
  }
}
