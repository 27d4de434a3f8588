package io.funes.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.funes.cli.broker.StartCommand;
import io.funes.cli.broker.TrainCommand;
import io.funes.cli.cluster.ClusterCommand;
import io.funes.cli.log.LogCommand;
import io.funes.cli.records.ConsumeCommand;
import io.funes.cli.records.ProduceCommand;
import io.funes.cli.terminal.CommandFailure;
import io.funes.cli.terminal.Failures;
import io.funes.cli.terminal.Invocation;
import io.funes.cli.terminal.OutputClosedException;
import io.funes.cli.terminal.StandardStreams;
import io.funes.cli.topic.TopicCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The root of all commands. */
@Command(
    name = "funes",
    description = "A distributed commit log: starts a broker, and talks to one.",
    customSynopsis = "funes COMMAND [OPTIONS]",
    optionListHeading = "%nOptions of all commands:%n",
    commandListHeading = "%nCommands:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:the call failed",
      "2:wrong arguments or configuration",
      "3:no such topic, partition or file",
      "4:refused as things stand: it exists already, an offset is gone, a port is taken",
      "5:no answer in time, or unavailable just now: try again later"
    },
    footer = {
      "",
      "'funes COMMAND --help' explains a command. FUNES_SERVER=HOST:PORT in the",
      "environment saves typing --server. bench, test, fix and proto-baseline work",
      "on the source tree."
    })
public final class FunesCommand {
  // Commands are made only when they are called: reading the annotations of all of them takes time.
  private static final Map<String, Function<Invocation, CommandLine>> COMMANDS =
      new LinkedHashMap<>();

  static {
    COMMANDS.put("start", StartCommand::commandLine);
    COMMANDS.put("topic", TopicCommand::commandLine);
    COMMANDS.put("produce", ProduceCommand::commandLine);
    COMMANDS.put("consume", ConsumeCommand::commandLine);
    COMMANDS.put("cluster", ClusterCommand::commandLine);
    COMMANDS.put("log", LogCommand::commandLine);
    COMMANDS.put("bench", SourceCommand.named("bench", "Measure Funes, beside Kafka where asked."));
    COMMANDS.put(
        "test",
        SourceCommand.named(
            "test", "Run every check and every test; --seeds N: N simulated clusters."));
    COMMANDS.put("fix", SourceCommand.named("fix", "Repair what the format check finds."));
    COMMANDS.put(
        "proto-baseline",
        SourceCommand.named(
            "proto-baseline", "Accept the .proto files as the ones to stay compatible with."));
    COMMANDS.put("train", invocation -> TrainCommand.commandLine(invocation, FunesCommand::run));
  }

  private final Invocation invocation;

  private FunesCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  /** Runs one command and ends the process. */
  public static void main(String[] args) {
    System.exit(run(StandardStreams.invocation(), args));
  }

  /** Runs one command and returns its exit code. */
  public static int run(Invocation invocation, String... args) {
    try {
      int exitCode = execute(invocation, args);
      invocation.out().flush();
      return exitCode;
    } catch (OutputClosedException | CommandFailure e) {
      return Failures.report(e, invocation);
    }
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "text|json",
      scope = ScopeType.INHERIT,
      description = "json prints one JSON object per line, errors included. Default: text.")
  void output(OutputFormat format) {
    invocation.json(format == OutputFormat.json);
  }

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show where in the code a failure happened.")
  void verbose(boolean verbose) {
    invocation.verbose(verbose);
  }

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  void help(boolean asked) {}

  @Option(names = "--version", versionHelp = true, description = "Show the version.")
  void version(boolean asked) {}

  private static int execute(Invocation invocation, String... args) {
    StringWriter help = new StringWriter();
    int exitCode =
        commandLine(invocation, args)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler(new UsageErrors(invocation))
            .setExecutionExceptionHandler(
                (thrown, at, parsed) -> Failures.report(thrown, invocation))
            .setHelpFactory(new HelpLayout())
            .setOut(new PrintWriter(help))
            .execute(args);
    invocation.out().bytes(help.toString().getBytes(UTF_8));
    return exitCode;
  }

  private static CommandLine commandLine(Invocation invocation, String... args) {
    CommandLine line = new CommandLine(new FunesCommand(invocation));
    line.getCommandSpec().versionProvider(new Version());
    COMMANDS.entrySet().stream()
        .filter(command -> Arrays.asList(args).contains(command.getKey()))
        .forEach(command -> add(line, command, invocation));
    if (line.getSubcommands().isEmpty()) {
      COMMANDS.entrySet().forEach(command -> add(line, command, invocation));
    }
    return line;
  }

  private static void add(
      CommandLine line,
      Map.Entry<String, Function<Invocation, CommandLine>> command,
      Invocation invocation) {
    line.addSubcommand(command.getKey(), command.getValue().apply(invocation));
  }

  /** How results and errors are printed; written in lower case, as on the command line. */
  enum OutputFormat {
    text,
    json
  }
}
