package io.funes.cli.topic;

import io.funes.cli.terminal.ConnectionOptions;
import io.funes.cli.terminal.ExitCode;
import io.funes.cli.terminal.Invocation;
import io.funes.client.Admin;
import io.funes.client.NewTopic;
import io.funes.client.TopicDescription;
import io.funes.client.TopicExistsException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a topic. */
@Command(
    name = "create",
    description = "Create a topic.",
    abbreviateSynopsis = true,
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  funes topic create greetings",
      "  funes topic create access-log --partitions 6 --config retention.ms=-1"
    })
final class TopicCreateCommand implements Callable<Integer> {
  private final Invocation invocation;

  @Parameters(paramLabel = "NAME", description = "1 to 249 characters of a-z A-Z 0-9 . _ -")
  private String name;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description =
          "How many; the records of a key stay in order within one. Default: the broker's.")
  private Integer partitions;

  @Option(
      names = "--replicas",
      paramLabel = "R",
      description = "Brokers that keep each partition. Default: the broker's.")
  private Integer replicas;

  @Option(
      names = "--config",
      paramLabel = "KEY=VALUE",
      description = "Topic config; may be repeated. docs/configuration.md lists the keys.")
  private Map<String, String> configs = new LinkedHashMap<>();

  @Option(
      names = "--if-not-exists",
      description = "Succeed, and change nothing, when the topic exists already.")
  private boolean ifNotExists;

  @Option(names = "--validate-only", description = "Check everything and create nothing.")
  private boolean validateOnly;

  @Mixin private ConnectionOptions connection;

  TopicCreateCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    try (Admin admin = connection.admin(invocation)) {
      TopicDescription topic;
      boolean created = !validateOnly;
      String did = validateOnly ? "could create topic " : "created topic ";
      try {
        topic = admin.createTopic(newTopic());
      } catch (TopicExistsException e) {
        if (!ifNotExists) {
          throw e;
        }
        topic = admin.topic(name);
        created = false;
        did = "there is already a topic ";
      }
      Map<String, Object> fields = TopicText.fields(topic);
      fields.put("created", created);
      invocation.reply(fields, did + TopicText.summary(topic));
      return ExitCode.OK;
    }
  }

  private NewTopic newTopic() {
    NewTopic topic = NewTopic.named(name);
    if (partitions != null) {
      topic.partitions(partitions);
    }
    if (replicas != null) {
      topic.replicas(replicas);
    }
    configs.forEach(topic::config);
    return validateOnly ? topic.validateOnly() : topic;
  }
}
