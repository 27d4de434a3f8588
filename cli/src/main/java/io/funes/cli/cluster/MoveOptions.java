package io.funes.cli.cluster;

import io.funes.cli.terminal.CommandFailure;
import io.funes.cli.terminal.ConnectionOptions;
import io.funes.cli.terminal.ExitCode;
import io.funes.cli.terminal.Invocation;
import io.funes.client.Admin;
import io.funes.client.ClusterDescription;
import io.funes.client.TopicPartition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands that move partitions have in common. */
final class MoveOptions {
  @Option(
      names = "--concurrent",
      paramLabel = "N",
      defaultValue = "4",
      description = "Partitions that move at the same time. Default: ${DEFAULT-VALUE}.")
  private int concurrent;

  @Mixin private ConnectionOptions connection;

  /** Draws up moves from a layout. */
  @FunctionalInterface
  interface Plan {
    List<Move> of(ClusterLayout layout);
  }

  /** Which partitions get their preferred leaders, when all have arrived. */
  enum Elect {
    WHAT_MOVED,
    ALL
  }

  /** Shows what would move. */
  int show(Invocation invocation, Plan plan) {
    try (Admin admin = connection.admin(invocation)) {
      ClusterDescription cluster = admin.cluster(1);
      ClusterLayout layout = ClusterLayout.read(cluster, admin);
      List<Move> moves = plan.of(layout);
      ReplicaSizes sizes = ReplicaSizes.ask(cluster.brokers(), connection);
      if (invocation.json()) {
        invocation.out().json(fields(moves, sizes));
        return ExitCode.OK;
      }
      if (moves.isEmpty()) {
        invocation.out().line("nothing to move");
        return ExitCode.OK;
      }
      MoveText.table(moves, sizes).lines().forEach(invocation.out()::line);
      invocation.out().line("");
      MoveText.brokers(layout, moves).lines().forEach(invocation.out()::line);
      invocation.out().line("");
      invocation.out().line(MoveText.summary(moves, sizes));
      return ExitCode.OK;
    }
  }

  private static Map<String, Object> fields(List<Move> moves, ReplicaSizes sizes) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("moves", moves.stream().map(MoveText::fields).toList());
    fields.put("replicas_to_copy", moves.stream().mapToInt(move -> move.adds().size()).sum());
    fields.put("bytes_to_copy", sizes.sum(moves));
    return fields;
  }

  /** Moves, waits until all have arrived, and gives partitions their preferred leaders. */
  int apply(Invocation invocation, Plan plan, Elect elect) {
    if (concurrent < 1) {
      throw CommandFailure.usage("--concurrent must be 1 or more");
    }
    try (Admin admin = connection.admin(invocation)) {
      List<Move> moves = plan.of(ClusterLayout.read(admin.cluster(1), admin));
      Set<TopicPartition> moved = Set.copyOf(new Mover(admin, invocation, concurrent, moves).run());
      long changed =
          PreferredLeaders.elect(
              admin.partitions(),
              partition -> elect == Elect.ALL || moved.contains(partition),
              admin::electPreferredLeaders);
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("moved", moved.size());
      fields.put("leaders_changed", changed);
      invocation.reply(fields, MoveText.done(moved.size(), moves.size(), changed));
      return ExitCode.OK;
    }
  }
}
