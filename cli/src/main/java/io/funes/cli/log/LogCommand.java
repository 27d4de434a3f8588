package io.funes.cli.log;

import io.funes.cli.terminal.Invocation;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The group of the commands that read a broker's files. */
@Command(
    name = "log",
    description = "Look into a broker's segment files.",
    customSynopsis = "funes log COMMAND [OPTIONS]",
    commandListHeading = "%nCommands:%n")
public final class LogCommand {
  private LogCommand() {}

  public static CommandLine commandLine(Invocation invocation) {
    return new CommandLine(new LogCommand()).addSubcommand(new LogDumpCommand(invocation));
  }
}
