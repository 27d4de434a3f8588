package io.funes.cli.cluster;

import io.funes.cli.terminal.CommandFailure;
import io.funes.cli.terminal.ConnectionOptions;
import io.funes.cli.terminal.ExitCode;
import io.funes.cli.terminal.Invocation;
import io.funes.client.Admin;
import io.funes.client.FunesException;
import io.funes.client.LeaderElection;
import io.funes.client.TopicPartition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Changes leaders. */
@Command(
    name = "elect",
    description = {
      "Make the preferred replicas leaders again, the first ones of 'topic describe'.",
      "Brokers do that by themselves when all has been calm for a while."
    },
    abbreviateSynopsis = true,
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  funes cluster elect",
      "  funes cluster elect orders/0 orders/3",
      "  funes cluster elect orders/0 --unclean"
    })
final class ClusterElectCommand implements Callable<Integer> {
  private final Invocation invocation;

  @Parameters(
      paramLabel = "TOPIC/PARTITION",
      arity = "0..*",
      description = "Default: all that others lead than their preferred replica.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--unclean",
      description =
          "Give a leader to partitions that nobody leads, whoever is up. Acknowledged records that"
              + " it has not got are LOST on all replicas.")
  private boolean unclean;

  @Mixin private ConnectionOptions connection;

  ClusterElectCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    if (unclean && names.isEmpty()) {
      throw CommandFailure.usage("--unclean may lose records: name the partitions, as TOPIC/0");
    }
    List<TopicPartition> partitions = names.stream().map(ClusterElectCommand::partition).toList();
    try (Admin admin = connection.admin(invocation)) {
      List<LeaderElection> elections =
          unclean ? admin.electUncleanLeaders(partitions) : admin.electPreferredLeaders(partitions);
      elections.forEach(this::print);
      if (elections.isEmpty() && !invocation.json()) {
        invocation.out().line("every partition is led by its preferred replica");
      }
      return elections.stream().allMatch(each -> each.failure().isEmpty())
          ? ExitCode.OK
          : ExitCode.REFUSED;
    }
  }

  private void print(LeaderElection election) {
    Optional<FunesException> failure = election.failure();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("topic", election.partition().topic());
    fields.put("partition", election.partition().partition());
    fields.put("leader", election.leaderId());
    fields.put("reason", failure.map(e -> e.reason().name()).orElse(null));
    fields.put("message", failure.map(FunesException::getMessage).orElse(null));
    String name = MoveText.name(election.partition());
    invocation.reply(
        fields,
        failure.isPresent()
            ? "%s: %s".formatted(name, failure.get().getMessage())
            : "%s is led by broker %d".formatted(name, election.leaderId()));
  }

  private static TopicPartition partition(String name) {
    int slash = name.lastIndexOf('/');
    try {
      return new TopicPartition(
          name.substring(0, slash), Integer.parseInt(name.substring(slash + 1)));
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw CommandFailure.usage(
          "\"%s\" is no partition: write TOPIC/NUMBER, such as orders/0".formatted(name));
    }
  }
}
