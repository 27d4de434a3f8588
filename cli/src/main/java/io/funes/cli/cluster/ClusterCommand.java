package io.funes.cli.cluster;

import io.funes.cli.terminal.Invocation;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The group of the cluster commands. */
@Command(
    name = "cluster",
    description = "Show a cluster, and move partitions between its brokers.",
    customSynopsis = "funes cluster COMMAND [OPTIONS]",
    commandListHeading = "%nCommands:%n")
public final class ClusterCommand {
  private ClusterCommand() {}

  public static CommandLine commandLine(Invocation invocation) {
    return new CommandLine(new ClusterCommand())
        .addSubcommand(new ClusterDescribeCommand(invocation))
        .addSubcommand(new ClusterRebalanceCommand(invocation))
        .addSubcommand(new ClusterDrainCommand(invocation))
        .addSubcommand(new ClusterElectCommand(invocation))
        .addSubcommand(new ClusterRemoveCommand(invocation));
  }
}
