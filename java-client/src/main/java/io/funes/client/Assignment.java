package io.funes.client;

import io.funes.proto.v1.ReadPosition;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which partitions are read and where each stands. Safe for use by several threads; places are
 * changed only while no stream runs.
 */
final class Assignment {
  private final Map<TopicPartition, ReadState> states = new LinkedHashMap<>();
  private final StartPosition startAt;

  Assignment(StartPosition startAt) {
    this.startAt = startAt;
  }

  synchronized void replace(Collection<TopicPartition> partitions) {
    Map<TopicPartition, ReadState> before = new LinkedHashMap<>(states);
    states.clear();
    for (TopicPartition partition : partitions) {
      ReadState state = before.get(partition);
      states.put(partition, state == null ? new ReadState(startAt) : state);
    }
  }

  synchronized Set<TopicPartition> partitions() {
    return new LinkedHashSet<>(states.keySet());
  }

  synchronized boolean isEmpty() {
    return states.isEmpty();
  }

  synchronized void seek(TopicPartition partition, StartPosition position) {
    state(partition).seek(position);
  }

  /** The place turned out to be this offset. */
  synchronized void resolved(TopicPartition partition, long offset, long highWatermark) {
    ReadState state = state(partition);
    state.seek(StartPosition.offset(offset));
    state.highWatermark(highWatermark);
  }

  /** The places whose offsets the broker must be asked for. */
  synchronized Map<TopicPartition, StartPosition> unresolved() {
    Map<TopicPartition, StartPosition> unresolved = next();
    unresolved.keySet().removeIf(partition -> !state(partition).mustResolve());
    return unresolved;
  }

  /** Where a stream begins that goes on with what the last one brought. */
  synchronized Map<TopicPartition, StartPosition> next() {
    Map<TopicPartition, StartPosition> next = new LinkedHashMap<>();
    states.forEach((partition, state) -> next.put(partition, state.next()));
    return next;
  }

  /** The frames not polled yet are thrown away. */
  synchronized void forgetReceived() {
    states.values().forEach(ReadState::forgetReceived);
  }

  /** Takes in a frame; false when nobody wants it. */
  synchronized boolean received(Frame frame) {
    ReadState state = states.get(frame.partition());
    if (state != null) {
      state.received(frame);
    }
    return state != null;
  }

  synchronized void heard(List<ReadPosition> positions) {
    for (ReadPosition position : positions) {
      ReadState state =
          states.get(new TopicPartition(position.getTopic(), position.getPartition()));
      if (state != null) {
        state.highWatermark(position.getHighWatermark());
      }
    }
  }

  /** The caller has been given everything below this offset. */
  synchronized void delivered(TopicPartition partition, long nextOffset) {
    ReadState state = states.get(partition);
    if (state != null) {
      state.position(nextOffset);
    }
  }

  synchronized long received(TopicPartition partition) {
    return state(partition).received();
  }

  synchronized long position(TopicPartition partition) {
    return state(partition).position();
  }

  synchronized long highWatermark(TopicPartition partition) {
    return state(partition).highWatermark();
  }

  private ReadState state(TopicPartition partition) {
    ReadState state = states.get(partition);
    if (state == null) {
      throw new IllegalStateException(partition + " is not assigned");
    }
    return state;
  }
}
