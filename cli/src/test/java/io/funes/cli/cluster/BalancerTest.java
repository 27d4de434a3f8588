package io.funes.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.cli.terminal.CommandFailure;
import io.funes.client.TopicPartition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BalancerTest {
  private final Map<Integer, String> racks = new TreeMap<>();
  private final Map<TopicPartition, List<Integer>> partitions = new LinkedHashMap<>();

  private static NavigableSet<Integer> brokers(Integer... ids) {
    return new TreeSet<>(List.of(ids));
  }

  private void partition(String topic, int number, Integer... replicas) {
    partitions.put(new TopicPartition(topic, number), List.of(replicas));
  }

  /** As placement does it: leaders in turn, followers behind them. */
  private void topic(String name, int count, int replicas, int brokerCount) {
    for (int number = 0; number < count; number++) {
      int first = number;
      partitions.put(
          new TopicPartition(name, number),
          IntStream.range(0, replicas).map(i -> (first + i) % brokerCount).boxed().toList());
    }
  }

  private List<Move> balance(Integer... takers) {
    return Balancer.balance(racks, brokers(takers), partitions);
  }

  private void apply(List<Move> moves) {
    moves.forEach(move -> partitions.put(move.partition(), move.to()));
  }

  private int replicas(int broker) {
    return (int) partitions.values().stream().filter(each -> each.contains(broker)).count();
  }

  private int leaders(int broker) {
    return (int) partitions.values().stream().filter(each -> each.getFirst() == broker).count();
  }

  private static int copies(List<Move> moves) {
    return moves.stream().mapToInt(move -> move.adds().size()).sum();
  }

  @Test
  void whatIsEvenStaysAsItIs() {
    topic("t", 12, 3, 3);

    assertThat(balance(0, 1, 2)).isEmpty();
  }

  @Test
  void newBrokerGetsItsShareAndNothingElseMoves() {
    topic("t", 12, 3, 3);

    List<Move> moves = balance(0, 1, 2, 3);

    assertThat(copies(moves)).as("36 replicas over 4 brokers: it gets 9").isEqualTo(9);
    assertThat(moves.stream().filter(Move::copies))
        .allSatisfy(move -> assertThat(move.adds()).containsExactly(3));
    apply(moves);
    for (int broker = 0; broker < 4; broker++) {
      assertThat(replicas(broker)).isEqualTo(9);
      assertThat(leaders(broker)).isEqualTo(3);
    }
  }

  @Test
  void everyTopicGivesItsPart() {
    topic("a", 8, 1, 2);
    topic("b", 4, 1, 2);

    List<Move> moves = balance(0, 1, 2);

    assertThat(moves.stream().filter(move -> move.partition().topic().equals("a"))).hasSize(3);
    assertThat(moves.stream().filter(move -> move.partition().topic().equals("b"))).hasSize(1);
  }

  @Test
  void leadersAreEvenedOutWithoutACopy() {
    for (int number = 0; number < 6; number++) {
      partition("t", number, 0, 1, 2);
    }

    List<Move> moves = balance(0, 1, 2);
    apply(moves);

    assertThat(moves).hasSize(4).noneMatch(Move::copies);
    assertThat(List.of(leaders(0), leaders(1), leaders(2))).containsOnly(2);
  }

  @Test
  void leadershipGoesAlongWhereTheTwoShareNoPartition() {
    partition("t", 0, 0, 1);
    partition("t", 1, 0, 1);
    partition("t", 2, 1, 2);
    partition("t", 3, 0, 3);
    partition("t", 4, 3, 2);

    List<Move> moves = balance(0, 1, 2, 3);
    apply(moves);

    assertThat(copies(moves)).isZero();
    assertThat(List.of(leaders(0), leaders(1), leaders(2), leaders(3))).containsOnlyOnce(2);
  }

  @Test
  void replicasOfOneRackPart() {
    racks.putAll(Map.of(0, "a", 1, "a", 2, "b", 3, "b"));
    partition("t", 0, 0, 1);
    partition("t", 1, 2, 3);

    List<Move> moves = balance(0, 1, 2, 3);
    apply(moves);

    assertThat(copies(moves)).isEqualTo(2);
    assertThat(partitions.values())
        .allSatisfy(
            each -> assertThat(each.stream().map(racks::get)).containsExactlyInAnyOrder("a", "b"));
  }

  @Test
  void racksStandAboveEvenNumbers() {
    racks.putAll(Map.of(0, "a", 1, "b", 2, "b", 3, "b"));
    for (int number = 0; number < 6; number++) {
      partition("t", number, 0, 1);
    }

    apply(balance(0, 1, 2, 3));

    assertThat(replicas(0)).as("one replica of each must stay in rack a").isEqualTo(6);
    assertThat(List.of(replicas(1), replicas(2), replicas(3))).containsOnly(2);
  }

  @Test
  void whatIsOnABrokerThatIsDownStaysThere() {
    partition("t", 0, 2, 0);
    partition("t", 1, 2, 0);
    partition("t", 2, 0);

    List<Move> moves = balance(0, 1);
    apply(moves);

    assertThat(replicas(2)).isEqualTo(2);
    assertThat(replicas(1)).isGreaterThan(0);
  }

  @Test
  void drainedBrokerIsEmptyAndNothingElseHasMoved() {
    topic("t", 12, 2, 4);
    Map<TopicPartition, List<Integer>> before = Map.copyOf(partitions);

    List<Move> moves = Balancer.drain(3, racks, brokers(0, 1, 2, 3), partitions);
    apply(moves);

    assertThat(replicas(3)).isZero();
    assertThat(List.of(replicas(0), replicas(1), replicas(2))).containsOnly(8);
    assertThat(moves)
        .allSatisfy(move -> {
          assertThat(move.drops()).containsExactly(3);
          assertThat(before.get(move.partition())).contains(3);
        });
  }

  @Test
  void drainMindsTheRacks() {
    racks.putAll(Map.of(0, "a", 1, "a", 2, "b", 3, "b"));
    partition("t", 0, 0, 2);

    List<Move> moves = Balancer.drain(2, racks, brokers(0, 1, 2, 3), partitions);

    assertThat(moves.getFirst().to()).containsExactly(0, 3);
  }

  @Test
  void drainThatWouldCostAReplicaIsRefused() {
    topic("t", 3, 3, 3);

    assertThatThrownBy(() -> Balancer.drain(1, racks, brokers(0, 1, 2), partitions))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("t/0 can go nowhere");
  }

  @Test
  void anEmptyClusterHasNothingToMove() {
    assertThat(balance(0, 1)).isEmpty();
  }

  /** Any layout becomes even, with no copy more than the numbers ask for, and then stays. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void anyLayoutBecomesEven(int seed) {
    Random random = new Random(seed);
    int brokerCount = 4 + random.nextInt(5);
    int factor = 2 + random.nextInt(2);
    List<Integer> all = new ArrayList<>(IntStream.range(0, brokerCount).boxed().toList());
    for (int number = 0; number < 60; number++) {
      Collections.shuffle(all, random);
      partitions.put(
          new TopicPartition("t" + number % 3, number / 3), List.copyOf(all.subList(0, factor)));
    }
    Integer[] takers = all.toArray(Integer[]::new);
    int least = 60 * factor / brokerCount;
    int excess = all.stream().mapToInt(id -> Math.max(0, replicas(id) - least)).sum();

    List<Move> moves = balance(takers);
    apply(moves);

    assertThat(copies(moves)).isLessThanOrEqualTo(excess);
    assertThat(partitions.values())
        .allSatisfy(each -> assertThat(each).doesNotHaveDuplicates().hasSize(factor));
    List<Integer> held = all.stream().map(this::replicas).toList();
    assertThat(Collections.max(held) - Collections.min(held)).isLessThanOrEqualTo(1);
    List<Integer> led = all.stream().map(this::leaders).toList();
    assertThat(Collections.max(led) - Collections.min(led)).isLessThanOrEqualTo(1);
    assertThat(balance(takers)).as("a second run finds nothing to do").isEmpty();
  }
}
