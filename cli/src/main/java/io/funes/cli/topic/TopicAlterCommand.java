package io.funes.cli.topic;

import io.funes.cli.terminal.CommandFailure;
import io.funes.cli.terminal.ConnectionOptions;
import io.funes.cli.terminal.ExitCode;
import io.funes.cli.terminal.Invocation;
import io.funes.client.Admin;
import io.funes.client.TopicChange;
import io.funes.client.TopicDescription;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Changes a topic. */
@Command(
    name = "alter",
    description = "Change a topic: more partitions, other configs. The rest stays as it is.",
    abbreviateSynopsis = true,
    sortOptions = false,
    footer = {
      "",
      "Example:",
      "  funes topic alter access-log --partitions 12 --reset retention.ms"
    })
final class TopicAlterCommand implements Callable<Integer> {
  private final Invocation invocation;

  @Parameters(paramLabel = "NAME", description = "Topic name.")
  private String name;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description =
          "Raise the number of partitions to this. Keys move then: later records of a key may go to"
              + " another partition than its earlier ones.")
  private Integer partitions;

  @Option(
      names = "--config",
      paramLabel = "KEY=VALUE",
      description = "Set a topic config; may be repeated.")
  private Map<String, String> configs = new LinkedHashMap<>();

  @Option(
      names = "--reset",
      paramLabel = "KEY",
      description = "Put a topic config back to its default; may be repeated.")
  private List<String> resets = new ArrayList<>();

  @Option(names = "--validate-only", description = "Check everything and change nothing.")
  private boolean validateOnly;

  @Mixin private ConnectionOptions connection;

  TopicAlterCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    if (partitions == null && configs.isEmpty() && resets.isEmpty()) {
      throw CommandFailure.usage("nothing to change: give --partitions, --config or --reset");
    }
    try (Admin admin = connection.admin(invocation)) {
      TopicDescription topic = admin.updateTopic(change());
      invocation.reply(
          TopicText.fields(topic),
          (validateOnly ? "could change topic to " : "changed topic ") + TopicText.summary(topic));
      return ExitCode.OK;
    }
  }

  private TopicChange change() {
    TopicChange change = TopicChange.of(name);
    if (partitions != null) {
      change.partitions(partitions);
    }
    configs.forEach(change::config);
    resets.forEach(change::resetConfig);
    return validateOnly ? change.validateOnly() : change;
  }
}
