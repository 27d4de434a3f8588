package io.funes.cli.cluster;

import io.funes.cli.terminal.TextTable;
import io.funes.client.Reassignment;
import io.funes.client.TopicPartition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How moves are shown. */
final class MoveText {
  private MoveText() {}

  /** "orders/3". */
  static String name(TopicPartition partition) {
    return partition.topic() + "/" + partition.partition();
  }

  static Map<String, Object> fields(Move move) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("topic", move.partition().topic());
    fields.put("partition", move.partition().partition());
    fields.put("from", move.from());
    fields.put("to", move.to());
    return fields;
  }

  /** One line for each partition. */
  static TextTable table(List<Move> moves, ReplicaSizes sizes) {
    TextTable table = new TextTable("PARTITION", "FROM", "TO", "COPIES", "BYTES");
    for (Move move : moves) {
      table.row(
          name(move.partition()),
          ClusterText.ids(move.from()),
          ClusterText.ids(move.to()),
          move.copies() ? "to " + ClusterText.ids(move.adds()) : "-",
          move.copies() ? sizes.text(move.partition(), move.adds().size()) : "-");
    }
    return table;
  }

  /** What each broker holds, and would hold. */
  static TextTable brokers(ClusterLayout cluster, List<Move> moves) {
    Map<Integer, int[]> counts = new TreeMap<>();
    cluster.brokers().forEach(broker -> counts.put(broker, new int[4]));
    cluster.partitions().values().forEach(replicas -> count(counts, replicas, 0, 1));
    Map<TopicPartition, List<Integer>> after = new LinkedHashMap<>(cluster.partitions());
    moves.forEach(move -> after.put(move.partition(), move.to()));
    after.values().forEach(replicas -> count(counts, replicas, 2, 1));
    TextTable table = new TextTable("BROKER", "REPLICAS", "THEN", "PREFERRED", "THEN");
    counts.forEach((broker, count) -> table.row(broker, count[0], count[2], count[1], count[3]));
    return table;
  }

  private static void count(
      Map<Integer, int[]> counts, List<Integer> replicas, int at, int preferred) {
    for (int broker : replicas) {
      counts.computeIfAbsent(broker, _ -> new int[4])[at]++;
    }
    counts.get(replicas.getFirst())[at + preferred]++;
  }

  /** "12 partitions move: 14 replicas to copy, 3.1 GiB; 2 only change their preferred leader". */
  static String summary(List<Move> moves, ReplicaSizes sizes) {
    List<Move> copying = moves.stream().filter(Move::copies).toList();
    int replicas = copying.stream().mapToInt(move -> move.adds().size()).sum();
    String text =
        "%s to move, with %s to copy%s"
            .formatted(
                count(copying.size(), "partition"),
                count(replicas, "replica"),
                sizes.total(copying));
    int turned = moves.size() - copying.size();
    return turned == 0
        ? text
        : text + "; %s with another preferred leader only".formatted(count(turned, "partition"));
  }

  /** What has become of a plan. */
  static String done(int moved, int planned, long leadersChanged) {
    String leaders = count(leadersChanged, "change") + " of leader";
    if (planned == 0) {
      return "nothing to move" + (leadersChanged == 0 ? "" : ", " + leaders);
    }
    String of = moved == planned ? "" : " of " + planned;
    return "done: %s%s, %s".formatted(count(moved, "partition"), of, leaders);
  }

  /** What is waited for, and in which partition. */
  static String underWay(List<Reassignment> moves, int waiting) {
    Optional<Reassignment> leaderless = moves.stream().filter(m -> m.leaderId() < 0).findFirst();
    Reassignment told = leaderless.orElse(moves.getFirst());
    return "under way: %s, %s %s, which %s; %d to begin"
        .formatted(
            count(moves.size(), "partition"),
            leaderless.isPresent() ? "among them" : "first",
            name(told.partition()),
            leaderless.isPresent() ? leaderless(told) : "copies to " + copying(told),
            waiting);
  }

  private static String copying(Reassignment move) {
    return ClusterText.ids(
        move.addingReplicaIds().stream()
            .filter(broker -> !move.inSyncReplicaIds().contains(broker))
            .toList());
  }

  /** The old replicas: new ones have not got all that is committed. */
  private static String leaderless(Reassignment move) {
    List<Integer> old =
        move.replicaIds().stream().filter(id -> !move.addingReplicaIds().contains(id)).toList();
    return "has no leader to copy from: start its brokers %s, or 'funes cluster elect %s --unclean' where they are gone for good"
        .formatted(ClusterText.ids(old), name(move.partition()));
  }

  static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
