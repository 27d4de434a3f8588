package io.funes.cli.cluster;

import io.funes.client.TopicPartition;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;

/**
 * Shares out preferred leaders, without moving a replica. A broker that leads too much gives one
 * partition to a broker that holds it too; where that one has enough, it gives another one on, and
 * so forth to one that has too few.
 */
final class LeaderBalancer {
  private final Layout layout;
  private final NavigableSet<Integer> brokers;
  private final Map<Integer, Integer> leaders = new HashMap<>();

  LeaderBalancer(Layout layout, NavigableSet<Integer> brokers) {
    this.layout = layout;
    this.brokers = brokers;
    brokers.forEach(broker -> leaders.put(broker, layout.leaders(broker)));
  }

  /** A partition that {@code from} may give to another broker. */
  private record Handover(int from, TopicPartition partition) {}

  void even() {
    boolean better = true;
    while (better) {
      better = false;
      Map<Integer, Map<Integer, TopicPartition>> handovers = handovers();
      for (int from : byLeaders().reversed()) {
        if (giveOne(from, handovers)) {
          better = true;
          break;
        }
      }
    }
  }

  private List<Integer> byLeaders() {
    return brokers.stream().sorted(Comparator.comparingInt(leaders::get)).toList();
  }

  /** For each broker, to whom it could give a partition, and which one. */
  private Map<Integer, Map<Integer, TopicPartition>> handovers() {
    Map<Integer, Map<Integer, TopicPartition>> handovers = new HashMap<>();
    for (TopicPartition partition : layout.partitions()) {
      List<Integer> replicas = layout.replicas(partition);
      Map<Integer, TopicPartition> to =
          handovers.computeIfAbsent(replicas.getFirst(), _ -> new HashMap<>());
      replicas.stream()
          .skip(1)
          .filter(brokers::contains)
          .forEach(broker -> to.putIfAbsent(broker, partition));
    }
    return handovers;
  }

  /** Along the shortest way to the broker that leads least, if it leads at least two less. */
  private boolean giveOne(int from, Map<Integer, Map<Integer, TopicPartition>> handovers) {
    Map<Integer, Handover> reached = new HashMap<>();
    Deque<Integer> next = new ArrayDeque<>(List.of(from));
    while (!next.isEmpty()) {
      int broker = next.poll();
      handovers
          .getOrDefault(broker, Map.of())
          .forEach((to, partition) -> {
            if (to != from && !reached.containsKey(to)) {
              reached.put(to, new Handover(broker, partition));
              next.add(to);
            }
          });
    }
    for (int least : byLeaders()) {
      if (leaders.get(from) - leaders.get(least) < 2) {
        return false;
      }
      if (reached.containsKey(least)) {
        give(from, least, reached);
        return true;
      }
    }
    return false;
  }

  private void give(int from, int to, Map<Integer, Handover> reached) {
    leaders.merge(from, -1, Integer::sum);
    leaders.merge(to, 1, Integer::sum);
    for (int at = to; at != from; at = reached.get(at).from()) {
      layout.lead(reached.get(at).partition(), at);
    }
  }
}
