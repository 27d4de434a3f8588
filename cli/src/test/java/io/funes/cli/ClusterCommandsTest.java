package io.funes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.cli.terminal.ExitCode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands for clusters, of which the smallest has one broker. */
class ClusterCommandsTest {
  @TempDir static Path folder;
  private static CommandedBroker broker;

  @BeforeAll
  static void start() {
    broker = new CommandedBroker(folder.resolve("data"));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void clusterIsShownWithBrokersAndMetadata() {
    broker.ok("topic", "create", "shown", "--partitions", "2");

    assertThat(broker.ok("cluster", "describe"))
        .containsPattern("cluster     [0-9a-f-]{36}\ncontroller  0\nbrokers     1: 1 up\n")
        .containsPattern("partitions  \\d+: all in order\n\n")
        .containsPattern("BROKER +STATE +ADDRESS +INTERNAL +RACK +REPLICAS +LEADS +METADATA +LAG\n")
        .containsPattern(" 0  up +127.0.0.1:\\d+ .* leader +0\n");
    assertThat(broker.ok("cluster", "describe", "-o", "json"))
        .startsWith("{\"cluster_id\":\"")
        .contains("\"controller\":0,\"brokers\":[{\"broker\":0,\"state\":\"up\"")
        .contains("\"quorum\":[{\"broker\":0,")
        .contains("\"offline\":0", "\"unhealthy\":[]")
        .hasLineCount(1);
  }

  @Test
  void brokerAloneHasNothingToMove() {
    broker.ok("topic", "create", "stays", "--partitions", "3");

    assertThat(broker.ok("cluster", "rebalance")).isEqualTo("nothing to move\n");
    assertThat(broker.ok("cluster", "rebalance", "--plan", "-o", "json"))
        .isEqualTo("{\"moves\":[],\"replicas_to_copy\":0,\"bytes_to_copy\":0}\n");
    assertThat(broker.ok("cluster", "rebalance", "--apply")).isEqualTo("nothing to move\n");
    assertThat(broker.ok("cluster", "elect"))
        .isEqualTo("every partition is led by its preferred replica\n");
    assertThat(broker.ok("cluster", "elect", "stays/1", "-o", "json"))
        .startsWith("{\"topic\":\"stays\",\"partition\":1,\"leader\":0,\"reason\":null");
  }

  @Test
  void clusterCommandsThatCannotBeDoneHaveTheirExitCodes() {
    broker.ok("topic", "create", "last");

    CliRun drain = broker.run("cluster", "drain", "0");
    CliRun remove = broker.run("cluster", "remove", "0");

    assertThat(drain.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(drain.err()).contains("/0 can go nowhere").contains("start another broker");
    assertThat(remove.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(remove.err()).contains("broker 0 holds");
    assertThat(broker.run("cluster", "drain", "9").exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(broker.run("cluster", "remove", "9").exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(broker.run("cluster", "elect", "last").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(broker.run("cluster", "elect", "--unclean").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(broker.run("cluster", "rebalance", "--plan", "--apply").exitCode())
        .isEqualTo(ExitCode.USAGE);
    assertThat(broker.run("cluster", "elect", "none/0").exitCode()).isEqualTo(ExitCode.REFUSED);
  }
}
