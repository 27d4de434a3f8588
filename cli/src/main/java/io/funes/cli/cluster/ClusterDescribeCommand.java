package io.funes.cli.cluster;

import io.funes.cli.terminal.ConnectionOptions;
import io.funes.cli.terminal.ExitCode;
import io.funes.cli.terminal.Invocation;
import io.funes.cli.terminal.Output;
import io.funes.cli.terminal.TextTable;
import io.funes.client.Admin;
import io.funes.client.ClusterDescription;
import io.funes.client.ClusterDescription.Broker;
import io.funes.client.ClusterDescription.PartitionCounts;
import io.funes.client.ClusterDescription.QuorumMember;
import io.funes.client.ClusterDescription.UnhealthyPartition;
import io.funes.client.PartitionDescription;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the cluster. */
@Command(
    name = "describe",
    description = "Show the brokers, who keeps the metadata, and the partitions in need.",
    abbreviateSynopsis = true,
    sortOptions = false)
final class ClusterDescribeCommand implements Callable<Integer> {
  private static final int SHOWN_MAX = 100;

  private final Invocation invocation;

  @Option(
      names = "--all",
      description =
          "List all partitions that need attention. Default: the first " + SHOWN_MAX + ".")
  private boolean all;

  @Mixin private ConnectionOptions connection;

  ClusterDescribeCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    try (Admin admin = connection.admin(invocation)) {
      ClusterDescription cluster = admin.cluster(all ? Integer.MAX_VALUE : SHOWN_MAX);
      if (invocation.json()) {
        invocation.out().json(ClusterText.fields(cluster));
      } else {
        print(cluster);
      }
      return ExitCode.OK;
    }
  }

  private void print(ClusterDescription cluster) {
    Output out = invocation.out();
    PartitionCounts counts = cluster.partitions();
    out.line("cluster     " + cluster.clusterId());
    out.line(
        "controller  "
            + (cluster.controllerId().isPresent()
                ? cluster.controllerId().getAsInt()
                : "none known"));
    out.line("brokers     " + ClusterText.states(cluster));
    out.line("partitions  " + ClusterText.summary(counts));
    out.line("");
    brokers(cluster).lines().forEach(out::line);
    if (cluster.unhealthy().isEmpty()) {
      return;
    }
    out.line("");
    TextTable table =
        new TextTable("TOPIC", "PARTITION", "LEADER", "REPLICAS", "IN-SYNC", "MIN", "PROBLEM");
    cluster.unhealthy().forEach(partition -> row(table, partition));
    table.lines().forEach(out::line);
    if (!all && cluster.unhealthy().size() == SHOWN_MAX) {
      out.line("... --all lists the others");
    }
  }

  private static TextTable brokers(ClusterDescription cluster) {
    Map<Integer, QuorumMember> members = new TreeMap<>();
    cluster.quorum().forEach(member -> members.put(member.brokerId(), member));
    TextTable table =
        new TextTable(
            "BROKER",
            "STATE",
            "ADDRESS",
            "INTERNAL",
            "RACK",
            "REPLICAS",
            "LEADS",
            "METADATA",
            "LAG");
    for (Broker broker : cluster.brokers()) {
      QuorumMember member = members.remove(broker.id());
      table.row(
          broker.id(),
          ClusterText.state(broker.state()),
          broker.address(),
          ClusterText.orDash(broker.internalAddress()),
          ClusterText.orDash(broker.rack()),
          broker.replicaCount(),
          broker.leaderCount(),
          member == null ? "-" : ClusterText.role(member, cluster),
          ClusterText.lag(member));
    }
    members
        .values()
        .forEach(member ->
            table.row(
                member.brokerId(),
                "unknown",
                "-",
                ClusterText.orDash(member.address()),
                "-",
                "-",
                "-",
                ClusterText.role(member, cluster),
                ClusterText.lag(member)));
    return table;
  }

  private static void row(TextTable table, UnhealthyPartition unhealthy) {
    PartitionDescription partition = unhealthy.partition();
    table.row(
        unhealthy.topic(),
        partition.partition(),
        partition.leaderId() < 0 ? "none" : partition.leaderId(),
        ClusterText.ids(partition.replicaIds()),
        ClusterText.ids(partition.inSyncReplicaIds()),
        unhealthy.minInSyncReplicas(),
        unhealthy.problems().stream()
            .sorted()
            .map(ClusterText::problem)
            .collect(Collectors.joining(", ")));
  }
}
