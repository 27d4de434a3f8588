package io.funes.cli.cluster;

import io.funes.cli.terminal.ConnectionOptions;
import io.funes.cli.terminal.ExitCode;
import io.funes.cli.terminal.Invocation;
import io.funes.client.Admin;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Forgets a broker. */
@Command(
    name = "remove",
    description = {
      "Forget a broker that is gone for good; it leaves the metadata quorum too.",
      "It must be down and hold nothing: 'funes cluster drain' it first."
    },
    abbreviateSynopsis = true,
    sortOptions = false)
final class ClusterRemoveCommand implements Callable<Integer> {
  private final Invocation invocation;

  @Parameters(paramLabel = "BROKER_ID", description = "As 'funes cluster describe' shows it.")
  private int brokerId;

  @Mixin private ConnectionOptions connection;

  ClusterRemoveCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    try (Admin admin = connection.admin(invocation)) {
      admin.removeBroker(brokerId);
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("broker", brokerId);
      fields.put("removed", true);
      invocation.reply(fields, "removed broker " + brokerId);
      return ExitCode.OK;
    }
  }
}
