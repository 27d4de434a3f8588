package io.funes.cli.topic;

import io.funes.cli.terminal.ConnectionOptions;
import io.funes.cli.terminal.ExitCode;
import io.funes.cli.terminal.Invocation;
import io.funes.client.Admin;
import io.funes.client.ErrorReason;
import io.funes.client.UnknownTopicException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Deletes topics. */
@Command(
    name = "delete",
    description = "Delete topics and their records. There is no way back.",
    abbreviateSynopsis = true,
    sortOptions = false)
final class TopicDeleteCommand implements Callable<Integer> {
  private final Invocation invocation;

  @Parameters(paramLabel = "NAME", arity = "1..*", description = "Topic names.")
  private List<String> names;

  @Option(names = "--if-exists", description = "Succeed when a topic does not exist.")
  private boolean ifExists;

  @Mixin private ConnectionOptions connection;

  TopicDeleteCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    try (Admin admin = connection.admin(invocation)) {
      for (String name : names) {
        boolean deleted = delete(admin, name);
        invocation.reply(
            Map.of("topic", name, "deleted", deleted),
            deleted ? "deleted topic " + name : "there is no topic " + name);
      }
      return ExitCode.OK;
    }
  }

  private boolean delete(Admin admin, String name) {
    try {
      admin.deleteTopic(name);
      return true;
    } catch (UnknownTopicException e) {
      if (ifExists && e.reason() == ErrorReason.UNKNOWN_TOPIC) {
        return false;
      }
      throw e;
    }
  }
}
