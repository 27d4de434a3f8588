package io.funes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.cli.terminal.ExitCode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics as their user makes, sees and changes them. */
class TopicCommandsTest {
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
  void topicLivesItsLife() {
    assertThat(
            broker.ok(
                "topic", "create", "life", "--partitions", "3", "--config", "retention.ms=-1"))
        .isEqualTo("created topic life (3 partitions, 1 replica, retention.ms=-1)\n");
    assertThat(broker.ok("topic", "list", "--prefix", "life"))
        .isEqualTo(
            """
            TOPIC  PARTITIONS  REPLICAS  CONFIGS
            life            3         1  retention.ms=-1
            """);
    assertThat(broker.ok("topic", "alter", "life", "--partitions", "4", "--reset", "retention.ms"))
        .isEqualTo("changed topic life (4 partitions, 1 replica)\n");
    assertThat(broker.ok("topic", "describe", "life"))
        .contains("topic       life\n", "partitions  4\n", "records     0\n")
        .containsPattern("PARTITION +LEADER +REPLICAS +IN-SYNC +START +END +RECORDS\n")
        .containsPattern("\n +3 +0 +0 +0 +0 +0 +0\n");
    assertThat(broker.ok("topic", "describe", "life", "--all-configs")).contains("segment.bytes=");
    assertThat(broker.ok("topic", "delete", "life")).isEqualTo("deleted topic life\n");
    assertThat(broker.ok("topic", "delete", "life", "--if-exists"))
        .isEqualTo("there is no topic life\n");
  }

  @Test
  void topicAsJsonIsOneObject() {
    broker.ok("topic", "create", "asjson", "--partitions", "2");

    assertThat(broker.ok("topic", "list", "--prefix", "asjson", "-o", "json"))
        .startsWith("{\"topic\":\"asjson\",\"id\":\"")
        .contains("\"partition_count\":2,\"replication_factor\":1,\"configs\":{}")
        .hasLineCount(1);
    assertThat(broker.ok("topic", "describe", "asjson", "-o", "json"))
        .contains("\"partitions\":[{\"partition\":0,\"leader\":0,")
        .contains("\"log_start_offset\":0,\"high_watermark\":0}")
        .hasLineCount(1);
    assertThat(broker.ok("topic", "delete", "asjson", "-o", "json"))
        .contains("\"topic\":\"asjson\"")
        .contains("\"deleted\":true");
  }

  @Test
  void existingTopicIsRefusedUnlessThatIsFine() {
    broker.ok("topic", "create", "twice");

    CliRun again = broker.run("topic", "create", "twice");
    CliRun fine = broker.run("topic", "create", "twice", "--if-not-exists", "-o", "json");

    assertThat(again.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(again.err()).startsWith("funes: ").contains("twice").hasLineCount(1);
    assertThat(fine.exitCode()).isZero();
    assertThat(fine.out()).contains("\"created\":false");
  }

  @Test
  void checkedOnlyTopicIsNotMade() {
    assertThat(broker.ok("topic", "create", "checked", "--validate-only"))
        .startsWith("could create topic checked");
    assertThat(broker.run("topic", "describe", "checked").exitCode()).isEqualTo(ExitCode.NOT_FOUND);
  }

  @Test
  void refusalsHaveTheirExitCodes() {
    assertThat(broker.run("topic", "create", "bad name").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(broker.run("topic", "create", "x", "--config", "retenton.ms=1").err())
        .contains("did you mean \"retention.ms\"?");
    assertThat(broker.run("topic", "create", "x", "--replicas", "3").exitCode())
        .isEqualTo(ExitCode.USAGE);
    assertThat(broker.run("topic", "delete", "none").exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(broker.run("consume", "none").exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    CliRun json = broker.run("topic", "describe", "none", "-o", "json");
    assertThat(json.err()).startsWith("{\"error\":{\"reason\":\"UNKNOWN_TOPIC\"");
  }

  @Test
  void nothingIsSuggestedThatNobodyCanHaveMeant() {
    assertThat(broker.run("topic", "create", "x", "--config", "x=1").err())
        .startsWith("funes: there is no topic config \"x\": use one of retention.ms, ")
        .doesNotContain("did you mean");
  }

  @Test
  void firstServerThatAnswersIsTaken() {
    CliRun run =
        new CliRun()
            .environment("FUNES_SERVER", "nohost.invalid:1942," + broker.address())
            .run("topic", "create", "reached");

    assertThat(run.exitCode()).as(run.err()).isZero();
  }
}
