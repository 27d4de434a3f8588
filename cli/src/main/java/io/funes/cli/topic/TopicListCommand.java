package io.funes.cli.topic;

import io.funes.cli.terminal.ConnectionOptions;
import io.funes.cli.terminal.ExitCode;
import io.funes.cli.terminal.Invocation;
import io.funes.cli.terminal.TextTable;
import io.funes.client.Admin;
import io.funes.client.TopicDescription;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows all topics. */
@Command(
    name = "list",
    description = "List the topics, by name.",
    abbreviateSynopsis = true,
    sortOptions = false)
final class TopicListCommand implements Callable<Integer> {
  private final Invocation invocation;

  @Option(
      names = "--prefix",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Only names that begin with it; __ shows the brokers' own topics.")
  private String prefix;

  @Mixin private ConnectionOptions connection;

  TopicListCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    try (Admin admin = connection.admin(invocation)) {
      List<TopicDescription> topics = admin.topics(prefix);
      if (invocation.json()) {
        topics.forEach(topic -> invocation.out().json(TopicText.fields(topic)));
      } else if (topics.isEmpty()) {
        invocation
            .err()
            .println("no topics; '%s topic create NAME' makes one".formatted(invocation.command()));
      } else {
        table(topics).lines().forEach(invocation.out()::line);
      }
      return ExitCode.OK;
    }
  }

  private static TextTable table(List<TopicDescription> topics) {
    TextTable table = new TextTable("TOPIC", "PARTITIONS", "REPLICAS", "CONFIGS");
    topics.forEach(topic ->
        table.row(
            topic.name(),
            topic.partitionCount(),
            topic.replicationFactor(),
            TopicText.configs(topic.configs())));
    return table;
  }
}
