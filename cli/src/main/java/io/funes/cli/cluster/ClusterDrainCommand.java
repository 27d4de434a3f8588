package io.funes.cli.cluster;

import io.funes.cli.terminal.CommandFailure;
import io.funes.cli.terminal.ExitCode;
import io.funes.cli.terminal.Invocation;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Empties a broker. */
@Command(
    name = "drain",
    description = {
      "Move everything off a broker, up or down, and leave the rest where it is.",
      "New topics may still be put on it: stop it soon after, then 'funes cluster remove' it. Moves"
          + " that have begun go on when the command is stopped; run it again."
    },
    abbreviateSynopsis = true,
    sortOptions = false)
final class ClusterDrainCommand implements Callable<Integer> {
  private final Invocation invocation;

  @Parameters(paramLabel = "BROKER_ID", description = "As 'funes cluster describe' shows it.")
  private int brokerId;

  @Option(names = "--plan", description = "Show what would move, and move nothing.")
  private boolean plan;

  @Mixin private MoveOptions moves;

  ClusterDrainCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    return plan
        ? moves.show(invocation, this::drained)
        : moves.apply(invocation, this::drained, MoveOptions.Elect.WHAT_MOVED);
  }

  private List<Move> drained(ClusterLayout layout) {
    if (!layout.brokers().contains(brokerId)) {
      throw new CommandFailure(
          ExitCode.NOT_FOUND,
          "UNKNOWN_BROKER",
          "there is no broker %d: 'funes cluster describe' lists them".formatted(brokerId),
          null);
    }
    return Balancer.drain(brokerId, layout.racks(), layout.takers(), layout.partitions());
  }
}
