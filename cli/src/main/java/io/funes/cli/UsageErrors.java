package io.funes.cli;

import io.funes.cli.terminal.CommandFailure;
import io.funes.cli.terminal.ExitCode;
import io.funes.cli.terminal.Failures;
import io.funes.cli.terminal.Invocation;
import io.funes.server.common.NearestName;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    if (thrown instanceof UnmatchedArgumentException unmatched) {
      return unknown(unmatched);
    }
    String message = thrown.getMessage().lines().collect(Collectors.joining(" "));
    return (Character.toLowerCase(message.charAt(0)) + message.substring(1))
        .replace("option option", "option")
        .replaceFirst(" is not an? (int|long)$", " is not a whole number")
        .replaceFirst(" is not a double$", " is not a number");
  }

  /**
   * One of them is enough: what stands behind a mistyped option is its value more often than not.
   */
  private static String unknown(UnmatchedArgumentException thrown) {
    List<String> words = thrown.getUnmatched();
    Optional<String> option = words.stream().filter(word -> word.startsWith("-")).findFirst();
    if (option.isPresent()) {
      return "unknown option '%s'".formatted(option.get());
    }
    String kind = isGroup(thrown.getCommandLine()) ? "command" : "argument";
    return "unknown %s '%s'".formatted(kind, words.getFirst());
  }

  private static String suggestion(ParameterException thrown) {
    if (!(thrown instanceof UnmatchedArgumentException unmatched)) {
      return "";
    }
    CommandLine line = thrown.getCommandLine();
    String word = unknown(unmatched).replaceAll("^.* '|'$", "");
    Set<String> names =
        word.startsWith("-")
            ? line.getCommandSpec().optionsMap().keySet()
            : line.getSubcommands().keySet();
    return NearestName.of(word, names).map(": did you mean %s?"::formatted).orElse("");
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
