package io.funes.cli;

import io.funes.cli.terminal.CommandFailure;
import io.funes.cli.terminal.Invocation;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** A command that the launcher carries out on the source tree. Here it has its help. */
final class SourceCommand implements Callable<Integer> {
  private final String name;

  private SourceCommand(String name) {
    this.name = name;
  }

  static Function<Invocation, CommandLine> named(String name, String description) {
    return invocation -> {
      CommandSpec spec = CommandSpec.wrapWithoutInspection(new SourceCommand(name)).name(name);
      spec.usageMessage().description(description).abbreviateSynopsis(true);
      return new CommandLine(spec).setUnmatchedArgumentsAllowed(true);
    };
  }

  @Override
  public Integer call() {
    throw CommandFailure.usage(
        "%s works on the source tree: in a clone of it, type ./funes %s".formatted(name, name));
  }
}
