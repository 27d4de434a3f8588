package io.funes.client;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns names of places into offsets by asking the broker, before a stream is begun: a stream that
 * is begun anew after a failure would otherwise take "latest" for another place, and a name of a
 * topic for another topic. Used by the consumer's thread only.
 */
final class Places {
  private static final long CALL_NANOS_MIN = 100_000_000;

  private final Assignment assignment;
  private final Reader reader;
  private final Connection connection;
  private final ReadSettings settings;

  Places(Assignment assignment, Reader reader, Connection connection, ReadSettings settings) {
    this.assignment = assignment;
    this.reader = reader;
    this.connection = connection;
    this.settings = settings;
  }

  /** Sees to it that the stream runs; false when the broker could not be asked in time. */
  boolean prepare(long leftNanos) {
    if (reader.isStarted()) {
      return true;
    }
    long most = Check.nanos(settings.callTimeout());
    long timeoutNanos = Math.min(most, Math.max(leftNanos, CALL_NANOS_MIN));
    try {
      for (String topic : assignment.unidentified()) {
        assignment.identify(topic, Topics.get(connection, topic, timeoutNanos).getId());
      }
      Map<TopicPartition, StartPosition> unknown = assignment.unresolved();
      if (!unknown.isEmpty()) {
        ask(unknown, timeoutNanos).forEach(this::resolve);
      }
    } catch (UnavailableException | CallTimeoutException e) {
      return false;
    }
    reader.start();
    return true;
  }

  private void resolve(PartitionOffsets found) {
    assignment.resolved(found.topicPartition(), found.offset(), found.highWatermark());
  }

  /**
   * Moves the partitions whose places are not in the log, as the settings say.
   *
   * @throws OffsetOutOfRangeException when they say nothing
   */
  void reset(OffsetOutOfRangeException cause) {
    boolean moved = false;
    for (PartitionOffsets range : askAll(StartPosition.earliest())) {
      long offset = assignment.received(range.topicPartition());
      boolean valid = offset >= range.logStartOffset() && offset <= range.highWatermark();
      if (valid || offset < 0) {
        continue;
      }
      if (settings.offsetReset() == OffsetReset.NONE) {
        throw outOfRange(cause, range, offset);
      }
      boolean latest = settings.offsetReset() == OffsetReset.LATEST;
      assignment.resolved(
          range.topicPartition(),
          latest ? range.highWatermark() : range.logStartOffset(),
          range.highWatermark());
      moved = true;
    }
    if (!moved) {
      throw cause;
    }
  }

  private static OffsetOutOfRangeException outOfRange(
      OffsetOutOfRangeException cause, PartitionOffsets range, long offset) {
    String message =
        "offset %d of %s is not in its log, which goes from %d to %d"
            .formatted(
                offset, range.topicPartition(), range.logStartOffset(), range.highWatermark());
    return new OffsetOutOfRangeException(
        new Failure(ErrorReason.OFFSET_OUT_OF_RANGE, message, false, cause),
        range.topicPartition(),
        offset,
        range.logStartOffset(),
        range.highWatermark());
  }

  long position(TopicPartition partition) {
    long known = assignment.position(partition);
    if (known >= 0) {
      return known;
    }
    StartPosition pending =
        assignment.unresolved().getOrDefault(partition, StartPosition.earliest());
    PartitionOffsets found = ask(partition, pending);
    if (pending.kind != StartPosition.Kind.EARLIEST) {
      resolve(found);
    }
    return found.offset();
  }

  long highWatermark(TopicPartition partition) {
    long known = assignment.highWatermark(partition);
    return known >= 0 ? known : ask(partition, StartPosition.latest()).highWatermark();
  }

  private PartitionOffsets ask(TopicPartition partition, StartPosition position) {
    return ask(Map.of(partition, position), Check.nanos(settings.callTimeout())).get(0);
  }

  private List<PartitionOffsets> askAll(StartPosition position) {
    Map<TopicPartition, StartPosition> all = new LinkedHashMap<>();
    assignment.partitions().forEach(partition -> all.put(partition, position));
    return ask(all, Check.nanos(settings.callTimeout()));
  }

  private List<PartitionOffsets> ask(Map<TopicPartition, StartPosition> places, long timeoutNanos) {
    return Topics.offsets(connection, assignment.starts(places), timeoutNanos);
  }
}
