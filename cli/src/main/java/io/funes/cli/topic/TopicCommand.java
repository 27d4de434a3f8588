package io.funes.cli.topic;

import io.funes.cli.terminal.Invocation;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The group of the topic commands. */
@Command(
    name = "topic",
    description = "Create, show, change and delete topics.",
    customSynopsis = "funes topic COMMAND [OPTIONS]",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Example:",
      "  funes topic create access-log --partitions 6 --config retention.ms=-1"
    })
public final class TopicCommand {
  private TopicCommand() {}

  public static CommandLine commandLine(Invocation invocation) {
    return new CommandLine(new TopicCommand())
        .addSubcommand(new TopicCreateCommand(invocation))
        .addSubcommand(new TopicListCommand(invocation))
        .addSubcommand(new TopicDescribeCommand(invocation))
        .addSubcommand(new TopicAlterCommand(invocation))
        .addSubcommand(new TopicDeleteCommand(invocation));
  }
}
