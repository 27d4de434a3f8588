package io.funes.cli.cluster;

import io.funes.cli.terminal.CommandFailure;
import io.funes.cli.terminal.ExitCode;
import io.funes.client.TopicPartition;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Draws up where partitions should be. First no two replicas of a partition stand in one rack where
 * they need not; then every broker holds as many replicas as any other, or one more; then the same
 * for preferred leaders. Nothing moves that is not needed for that. The same layout gives the same
 * plan.
 */
final class Balancer {
  private final Layout layout;
  private final NavigableSet<Integer> takers;

  /**
   * A balancer of a layout.
   *
   * @param takers brokers that may take replicas; what the others hold stays where it is
   */
  private Balancer(Layout layout, NavigableSet<Integer> takers) {
    this.layout = layout;
    this.takers = takers;
  }

  /** Balances replicas and leaders over all that can take them. */
  static List<Move> balance(
      Map<Integer, String> racks,
      NavigableSet<Integer> takers,
      Map<TopicPartition, List<Integer>> partitions) {
    Layout layout = new Layout(racks, partitions);
    Balancer balancer = new Balancer(layout, takers);
    balancer.spreadOverRacks();
    balancer.evenReplicas();
    new LeaderBalancer(layout, takers).even();
    return layout.moves();
  }

  /**
   * Moves everything off a broker, each replica to where fewest are, and leaves the rest alone.
   *
   * @throws CommandFailure where a partition would have to give up a replica
   */
  static List<Move> drain(
      int broker,
      Map<Integer, String> racks,
      NavigableSet<Integer> takers,
      Map<TopicPartition, List<Integer>> partitions) {
    Layout layout = new Layout(racks, partitions);
    NavigableSet<Integer> others = new TreeSet<>(takers);
    others.remove(broker);
    Balancer balancer = new Balancer(layout, others);
    for (TopicPartition partition : List.copyOf(layout.on(broker))) {
      int to = balancer.bestPlace(partition, broker).orElseThrow(() -> nowhere(broker, partition));
      layout.replace(partition, broker, to);
    }
    return layout.moves();
  }

  private static CommandFailure nowhere(int broker, TopicPartition partition) {
    return new CommandFailure(
        ExitCode.REFUSED,
        "NOT_ENOUGH_BROKERS",
        ("%s can go nowhere: every other broker that is up holds it already; start another broker"
                + " before you drain %d")
            .formatted(MoveText.name(partition), broker),
        null);
  }

  private void spreadOverRacks() {
    for (TopicPartition partition : layout.partitions()) {
      boolean better = true;
      while (better) {
        better = false;
        for (int from : layout.replicas(partition)) {
          Optional<Integer> to =
              takers.contains(from) ? bestPlace(partition, from) : Optional.empty();
          if (to.isPresent()
              && layout.crowdingWith(partition, from, to.get())
                  < layout.crowding(layout.replicas(partition))) {
            layout.replace(partition, from, to.get());
            better = true;
            break;
          }
        }
      }
    }
  }

  /** Where the replica of {@code from} should go: the racks first, then who holds least. */
  private Optional<Integer> bestPlace(TopicPartition partition, int from) {
    boolean leads = layout.replicas(partition).getFirst() == from;
    return takers.stream()
        .filter(broker -> !layout.replicas(partition).contains(broker))
        .min(
            Comparator.comparingInt((Integer to) -> layout.crowdingWith(partition, from, to))
                .thenComparingInt(layout::count)
                .thenComparingInt(to -> leads ? layout.leaders(to) : 0)
                .thenComparingInt(to -> layout.count(to, partition.topic())));
  }

  private void evenReplicas() {
    boolean moved = true;
    while (moved) {
      moved = false;
      List<Integer> byCount =
          takers.stream().sorted(Comparator.comparingInt(layout::count)).toList();
      for (int from : byCount.reversed()) {
        if (moveOne(from, byCount)) {
          moved = true;
          break;
        }
      }
    }
  }

  /** Moves one replica from a broker to one that holds at least two less, if that can be. */
  private boolean moveOne(int from, List<Integer> byCount) {
    for (int to : byCount) {
      if (layout.count(from) - layout.count(to) < 2) {
        return false;
      }
      Optional<TopicPartition> partition = candidate(from, to);
      if (partition.isPresent()) {
        layout.replace(partition.get(), from, to);
        return true;
      }
    }
    return false;
  }

  /** Of the topic that is most unevenly on the two, and without harm to the racks. */
  private Optional<TopicPartition> candidate(int from, int to) {
    TopicPartition best = null;
    int bestExcess = Integer.MIN_VALUE;
    for (TopicPartition partition : layout.on(from)) {
      List<Integer> replicas = layout.replicas(partition);
      String topic = partition.topic();
      int excess = layout.count(from, topic) - layout.count(to, topic);
      if (excess > bestExcess
          && !replicas.contains(to)
          && layout.crowdingWith(partition, from, to) <= layout.crowding(replicas)) {
        best = partition;
        bestExcess = excess;
      }
    }
    return Optional.ofNullable(best);
  }
}
