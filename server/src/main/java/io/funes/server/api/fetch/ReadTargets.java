package io.funes.server.api.fetch;

import io.funes.proto.v1.PartitionStart;
import io.funes.proto.v1.Start;
import io.funes.proto.v1.TopicStart;
import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.common.RefusedException;
import io.funes.server.log.TimedOffset;
import io.funes.server.replication.PartitionTable;
import io.funes.server.replication.ReadablePartition;
import io.funes.server.replication.ServedTopic;
import io.funes.server.routing.ReadForward;
import io.funes.server.routing.ReadLimits;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;

/** From what a reader asks for to partitions and offsets. */
final class ReadTargets {
  static final int TOPICS_MAX = 1_000;

  private final PartitionTable table;
  private final ReadForward forward;

  ReadTargets(PartitionTable table, ReadForward forward) {
    this.table = table;
    this.forward = forward;
  }

  /**
   * A partition and the place in it that was asked for, with the timestamp there where it was asked
   * by time.
   */
  record Target(String topic, ReadablePartition partition, long offset, OptionalLong timestampMs) {}

  /** Takes each target in the order asked. */
  interface Taker {
    void take(Target target);
  }

  /**
   * Refused with the leader's address where one of them is not read here.
   *
   * @param allowFollower whether those that this broker follows in sync will do
   */
  void forEach(List<TopicStart> topics, boolean allowFollower, Taker taker) {
    try {
      resolveAll(topics, allowFollower, taker);
    } catch (RefusedException e) {
      throw forward.refusal(e);
    }
  }

  /** Whether all of these are led here by now, or followed in sync. */
  boolean areHere(List<TopicStart> topics) {
    try {
      for (TopicStart asked : topics) {
        ServedTopic topic = table.topic(asked.getTopic(), asked.getTopicId());
        IntStream numbers =
            asked.getPartitionsCount() == 0
                ? IntStream.range(0, topic.partitionCount())
                : asked.getPartitionsList().stream().mapToInt(PartitionStart::getPartition);
        numbers.forEach(number -> topic.readable(number, true));
      }
      return true;
    } catch (RefusedException e) {
      return false;
    }
  }

  private void resolveAll(List<TopicStart> topics, boolean allowFollower, Taker taker) {
    if (topics.isEmpty() || topics.size() > TOPICS_MAX) {
      throw invalid("topics", "name 1 to %d topics, not %d".formatted(TOPICS_MAX, topics.size()));
    }
    Set<ReadablePartition> seen = new HashSet<>();
    for (TopicStart asked : topics) {
      ServedTopic topic = table.topic(asked.getTopic(), asked.getTopicId());
      if (asked.getPartitionsCount() == 0) {
        for (int number = 0; number < topic.partitionCount(); number++) {
          ReadablePartition partition = topic.readable(number, allowFollower);
          take(asked.getTopic(), partition, asked.getStart(), seen, taker);
        }
      }
      for (PartitionStart one : asked.getPartitionsList()) {
        Start start = one.hasStart() ? one.getStart() : asked.getStart();
        ReadablePartition partition = topic.readable(one.getPartition(), allowFollower);
        take(asked.getTopic(), partition, start, seen, taker);
      }
    }
  }

  private static void take(
      String topic,
      ReadablePartition partition,
      Start start,
      Set<ReadablePartition> seen,
      Taker taker) {
    if (!seen.add(partition)) {
      throw invalid(
          "topics",
          "partition %d of topic %s is named twice".formatted(partition.id().partition(), topic));
    }
    if (seen.size() > ReadLimits.PARTITIONS_MAX) {
      throw invalid(
          "topics", "one call reads at most %d partitions".formatted(ReadLimits.PARTITIONS_MAX));
    }
    taker.take(resolve(topic, partition, start));
  }

  private static Target resolve(String topic, ReadablePartition partition, Start start) {
    return switch (start.getPositionCase()) {
      case EARLIEST, POSITION_NOT_SET -> at(topic, partition, partition.logStartOffset());
      case LATEST -> at(topic, partition, partition.highWatermark());
      case OFFSET -> {
        if (start.getOffset() < 0) {
          throw invalid("start.offset", "offset %d is negative".formatted(start.getOffset()));
        }
        yield at(topic, partition, start.getOffset());
      }
      case TIMESTAMP_MS -> {
        if (start.getTimestampMs() < 0) {
          throw invalid(
              "start.timestamp_ms", "timestamp %d is negative".formatted(start.getTimestampMs()));
        }
        Optional<TimedOffset> found = partition.offsetForTime(start.getTimestampMs());
        yield found
            .map(place ->
                new Target(topic, partition, place.offset(), OptionalLong.of(place.timestampMs())))
            .orElseGet(() -> at(topic, partition, partition.highWatermark()));
      }
    };
  }

  private static Target at(String topic, ReadablePartition partition, long offset) {
    return new Target(topic, partition, offset, OptionalLong.empty());
  }

  static RefusedException invalid(String field, String message) {
    return Refusal.of(ErrorCode.INVALID_ARGUMENT, message).field(field).exception();
  }
}
