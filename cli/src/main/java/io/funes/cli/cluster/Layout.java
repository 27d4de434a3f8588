package io.funes.cli.cluster;

import io.funes.client.TopicPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Which partition is on which broker, as a plan changes it. One thread. */
final class Layout {
  private final Map<Integer, String> racks;
  private final Map<TopicPartition, List<Integer>> before;
  private final Map<TopicPartition, List<Integer>> now = new LinkedHashMap<>();
  private final Map<Integer, Set<TopicPartition>> held = new HashMap<>();
  private final Map<Integer, Map<String, Integer>> ofTopic = new HashMap<>();

  /**
   * A layout to begin with.
   *
   * @param racks of all brokers that have one, by broker
   * @param partitions brokers of each partition, preferred leader first
   */
  Layout(Map<Integer, String> racks, Map<TopicPartition, List<Integer>> partitions) {
    this.racks = racks;
    this.before = partitions;
    partitions.forEach((partition, replicas) -> {
      now.put(partition, List.copyOf(replicas));
      replicas.forEach(broker -> add(partition, broker));
    });
  }

  private void add(TopicPartition partition, int broker) {
    held.computeIfAbsent(broker, _ -> new LinkedHashSet<>()).add(partition);
    ofTopic.computeIfAbsent(broker, _ -> new HashMap<>()).merge(partition.topic(), 1, Integer::sum);
  }

  private void remove(TopicPartition partition, int broker) {
    held.get(broker).remove(partition);
    ofTopic.get(broker).merge(partition.topic(), -1, Integer::sum);
  }

  Set<TopicPartition> partitions() {
    return now.keySet();
  }

  List<Integer> replicas(TopicPartition partition) {
    return now.get(partition);
  }

  /** The partitions on a broker. */
  Set<TopicPartition> on(int broker) {
    return held.getOrDefault(broker, Set.of());
  }

  int count(int broker) {
    return on(broker).size();
  }

  /** How many partitions of one topic are on a broker. */
  int count(int broker, String topic) {
    return ofTopic.getOrDefault(broker, Map.of()).getOrDefault(topic, 0);
  }

  /** Partitions that a broker is preferred to lead. */
  int leaders(int broker) {
    return (int) on(broker).stream().filter(each -> now.get(each).getFirst() == broker).count();
  }

  /** One broker takes another's place, in the same rank. */
  void replace(TopicPartition partition, int from, int to) {
    now.put(partition, replaced(now.get(partition), from, to));
    remove(partition, from);
    add(partition, to);
  }

  /** The broker, which holds the partition, becomes its preferred leader. */
  void lead(TopicPartition partition, int broker) {
    Stream<Integer> others = now.get(partition).stream().filter(other -> other != broker);
    now.put(partition, Stream.concat(Stream.of(broker), others).toList());
  }

  /**
   * How badly a partition is spread over racks: the more replicas stand together, the higher.
   * Brokers without a rack stand together in one.
   */
  int crowding(List<Integer> replicas) {
    Map<String, Integer> inRack = new HashMap<>();
    replicas.forEach(broker -> inRack.merge(rack(broker), 1, Integer::sum));
    return inRack.values().stream().mapToInt(count -> count * count).sum();
  }

  /** {@link #crowding} of a partition if one broker took another's place. */
  int crowdingWith(TopicPartition partition, int from, int to) {
    return crowding(replaced(now.get(partition), from, to));
  }

  private String rack(int broker) {
    return racks.getOrDefault(broker, "");
  }

  private static List<Integer> replaced(List<Integer> replicas, int from, int to) {
    return replicas.stream().map(broker -> broker == from ? to : broker).toList();
  }

  /** What is different from the beginning, in the order of the partitions. */
  List<Move> moves() {
    List<Move> moves = new ArrayList<>();
    before.forEach((partition, replicas) -> {
      if (!replicas.equals(now.get(partition))) {
        moves.add(new Move(partition, replicas, now.get(partition)));
      }
    });
    return moves;
  }
}
