package io.funes.cli;

import io.funes.cli.terminal.CommandFailure;
import io.funes.cli.terminal.ExitCode;
import io.funes.cli.terminal.Failures;
import io.funes.cli.terminal.Invocation;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what is wrong with the arguments in one line, and where the help is. */
final class UsageErrors implements IParameterExceptionHandler {
  private final Invocation invocation;

  UsageErrors(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public int handleParseException(ParameterException thrown, String[] args) {
    if (asksForJson(args)) {
      invocation.json(true);
    }
    CommandLine line = thrown.getCommandLine();
    String name = line.getCommandSpec().qualifiedName().replaceFirst("funes", "");
    if (isGroup(line) && !(thrown instanceof UnmatchedArgumentException) && !invocation.json()) {
      line.usage(invocation.err());
      return ExitCode.USAGE;
    }
    String message =
        "%s%s; '%s%s --help' explains it"
            .formatted(sentence(thrown), suggestion(thrown), invocation.command(), name);
    Failures.print(new CommandFailure(ExitCode.USAGE, "USAGE", message, thrown), invocation);
    return ExitCode.USAGE;
  }

  private static boolean isGroup(CommandLine line) {
    return !line.getSubcommands().isEmpty();
  }

  private static String sentence(ParameterException thrown) {
    String message = thrown.getMessage().lines().collect(Collectors.joining(" "));
    return Character.toLowerCase(message.charAt(0)) + message.substring(1);
  }

  private static String suggestion(ParameterException thrown) {
    if (thrown instanceof UnmatchedArgumentException unmatched) {
      List<String> names = unmatched.getSuggestions();
      if (!names.isEmpty()) {
        return ": did you mean %s?".formatted(String.join(" or ", names.subList(0, 1)));
      }
    }
    return "";
  }

  /** The parser may have stopped before it came to the option. */
  private static boolean asksForJson(String... args) {
    List<String> list = Arrays.asList(args);
    return list.contains("-ojson")
        || list.contains("-o=json")
        || list.contains("--output=json")
        || follows(list, "-o")
        || follows(list, "--output");
  }

  private static boolean follows(List<String> list, String option) {
    int at = list.indexOf(option);
    return at >= 0 && at + 1 < list.size() && list.get(at + 1).equalsIgnoreCase("json");
  }
}
