package io.funes.cli.cluster;

import io.funes.cli.terminal.CommandFailure;
import io.funes.cli.terminal.Invocation;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shares partitions out evenly. */
@Command(
    name = "rebalance",
    description = {
      "Share replicas and leaders out evenly over brokers and racks, with as few moves as that"
          + " takes.",
      "Without --apply it only shows the plan. Moves that have begun go on when the command is"
          + " stopped; run it again and it goes on with what is left."
    },
    abbreviateSynopsis = true,
    sortOptions = false,
    footer = {"", "Example:", "  funes cluster rebalance --apply --concurrent 2"})
final class ClusterRebalanceCommand implements Callable<Integer> {
  private final Invocation invocation;

  @Option(names = "--plan", description = "Show what would move, and move nothing. The default.")
  private boolean plan;

  @Option(names = "--apply", description = "Move, and wait until all has arrived.")
  private boolean apply;

  @Mixin private MoveOptions moves;

  ClusterRebalanceCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    if (plan && apply) {
      throw CommandFailure.usage("--plan and --apply exclude each other: give one of them");
    }
    return apply
        ? moves.apply(invocation, ClusterRebalanceCommand::balanced, MoveOptions.Elect.ALL)
        : moves.show(invocation, ClusterRebalanceCommand::balanced);
  }

  private static List<Move> balanced(ClusterLayout layout) {
    return Balancer.balance(layout.racks(), layout.takers(), layout.partitions());
  }
}
