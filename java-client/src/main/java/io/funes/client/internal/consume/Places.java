package io.funes.client.internal.consume;

import io.funes.client.CallTimeoutException;
import io.funes.client.ErrorReason;
import io.funes.client.Failure;
import io.funes.client.OffsetOutOfRangeException;
import io.funes.client.OffsetReset;
import io.funes.client.PartitionOffsets;
import io.funes.client.TopicPartition;
import io.funes.client.UnavailableException;
import io.funes.client.internal.transport.Connection;
import io.funes.client.internal.transport.Topics;
import io.funes.proto.v1.Earliest;
import io.funes.proto.v1.Latest;
import io.funes.proto.v1.Start;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns names of places into offsets by asking the broker, before a stream is begun: a stream that
 * is begun anew after a failure would otherwise take "latest" for another place, and a name of a
 * topic for another topic. Used by the consumer's thread only.
 */
public final class Places {
  private static final long CALL_NANOS_MIN = 100_000_000;
  private static final Start EARLIEST =
      Start.newBuilder().setEarliest(Earliest.getDefaultInstance()).build();
  private static final Start LATEST =
      Start.newBuilder().setLatest(Latest.getDefaultInstance()).build();

  private final Assignment assignment;
  private final Reader reader;
  private final Connection connection;
  private final ReadSettings settings;

  public Places(
      Assignment assignment, Reader reader, Connection connection, ReadSettings settings) {
    this.assignment = assignment;
    this.reader = reader;
    this.connection = connection;
    this.settings = settings;
  }

  /** Sees to it that the stream runs; false when the broker could not be asked in time. */
  public boolean prepare(long leftNanos) {
    if (reader.isStarted()) {
      return true;
    }
    long most = settings.callTimeoutNanos();
    long timeoutNanos = Math.min(most, Math.max(leftNanos, CALL_NANOS_MIN));
    try {
      for (String topic : assignment.unidentified()) {
        assignment.identify(topic, Topics.get(connection, topic, timeoutNanos).getId());
      }
      Map<TopicPartition, Start> unknown = assignment.unresolved();
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
  public void reset(OffsetOutOfRangeException cause) {
    boolean moved = false;
    for (PartitionOffsets range : askAll(EARLIEST)) {
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

  public long position(TopicPartition partition) {
    long known = assignment.position(partition);
    if (known >= 0) {
      return known;
    }
    Start pending = assignment.unresolved().getOrDefault(partition, EARLIEST);
    PartitionOffsets found = ask(partition, pending);
    if (!pending.hasEarliest()) {
      resolve(found);
    }
    return found.offset();
  }

  public long highWatermark(TopicPartition partition) {
    long known = assignment.highWatermark(partition);
    return known >= 0 ? known : ask(partition, LATEST).highWatermark();
  }

  private PartitionOffsets ask(TopicPartition partition, Start position) {
    return ask(Map.of(partition, position), settings.callTimeoutNanos()).get(0);
  }

  private List<PartitionOffsets> askAll(Start position) {
    Map<TopicPartition, Start> all = new LinkedHashMap<>();
    assignment.partitions().forEach(partition -> all.put(partition, position));
    return ask(all, settings.callTimeoutNanos());
  }

  private List<PartitionOffsets> ask(Map<TopicPartition, Start> places, long timeoutNanos) {
    return Topics.offsets(connection, assignment.starts(places), timeoutNanos);
  }
}
