package io.funes.client.internal.consume;

import io.funes.client.TopicPartition;
import io.funes.proto.v1.PartitionStart;
import io.funes.proto.v1.ReadPosition;
import io.funes.proto.v1.Start;
import io.funes.proto.v1.TopicStart;
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
public final class Assignment {
  private final Map<TopicPartition, ReadState> states = new LinkedHashMap<>();
  private final Start startAt;

  public Assignment(Start startAt) {
    this.startAt = startAt;
  }

  public synchronized void replace(Collection<TopicPartition> partitions) {
    Map<TopicPartition, ReadState> before = new LinkedHashMap<>(states);
    states.clear();
    for (TopicPartition partition : partitions) {
      ReadState state = before.get(partition);
      states.put(partition, state == null ? new ReadState(startAt) : state);
    }
  }

  /** Topics whose id nobody has asked for yet. */
  synchronized Set<String> unidentified() {
    Set<String> topics = new LinkedHashSet<>();
    states.forEach((partition, state) -> {
      if (state.topicId().isEmpty()) {
        topics.add(partition.topic());
      }
    });
    return topics;
  }

  /** Pins the places of a topic that are not pinned yet to the topic of this id. */
  synchronized void identify(String topic, String id) {
    states.forEach((partition, state) -> {
      if (partition.topic().equals(topic) && state.topicId().isEmpty()) {
        state.topicId(id);
      }
    });
  }

  /** Places in an earlier topic of this name mean nothing: they begin anew in this one. */
  public synchronized void beginAnew(String topic, String id) {
    states.replaceAll((partition, state) -> {
      boolean earlier = partition.topic().equals(topic) && !id.equals(state.topicId());
      return earlier && !state.topicId().isEmpty() ? new ReadState(startAt) : state;
    });
    identify(topic, id);
  }

  /** The broker has another topic of this name now. */
  public synchronized void replaced(String topic) {
    states.forEach((partition, state) -> {
      if (partition.topic().equals(topic)) {
        state.replaced();
      }
    });
  }

  public synchronized Set<TopicPartition> partitions() {
    return new LinkedHashSet<>(states.keySet());
  }

  synchronized boolean isEmpty() {
    return states.isEmpty();
  }

  public synchronized void seek(TopicPartition partition, Start position) {
    state(partition).seek(position);
  }

  /** The place turned out to be this offset. */
  synchronized void resolved(TopicPartition partition, long offset, long highWatermark) {
    ReadState state = state(partition);
    state.seek(Start.newBuilder().setOffset(offset).build());
    state.highWatermark(highWatermark);
  }

  /** The places whose offsets the broker must be asked for. */
  synchronized Map<TopicPartition, Start> unresolved() {
    Map<TopicPartition, Start> unresolved = next();
    unresolved.keySet().removeIf(partition -> !state(partition).mustResolve());
    return unresolved;
  }

  /** Where a stream begins that goes on with what the last one brought. */
  synchronized Map<TopicPartition, Start> next() {
    Map<TopicPartition, Start> next = new LinkedHashMap<>();
    states.forEach((partition, state) -> next.put(partition, state.next()));
    return next;
  }

  /**
   * Places of assigned partitions as a request names them, each in the topic that it belongs to.
   */
  synchronized List<TopicStart> starts(Map<TopicPartition, Start> places) {
    Map<List<String>, TopicStart.Builder> topics = new LinkedHashMap<>();
    places.forEach((partition, place) -> {
      String id = state(partition).topicId();
      topics
          .computeIfAbsent(
              List.of(partition.topic(), id),
              unused -> TopicStart.newBuilder().setTopic(partition.topic()).setTopicId(id))
          .addPartitions(
              PartitionStart.newBuilder().setPartition(partition.partition()).setStart(place));
    });
    return topics.values().stream().map(TopicStart.Builder::build).toList();
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

  /** A frame that was taken in is used up. */
  synchronized void freed(Frame frame) {
    ReadState state = states.get(frame.partition());
    if (state != null) {
      state.freed(frame.creditBytes());
    }
  }

  /** What these partitions have received that is not used up yet. */
  synchronized long bufferedBytes(Set<TopicPartition> partitions) {
    return partitions.stream().mapToLong(partition -> state(partition).bufferedBytes()).sum();
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
  public synchronized void delivered(TopicPartition partition, long nextOffset) {
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
