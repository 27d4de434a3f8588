package io.funes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.cli.terminal.ExitCode;
import io.funes.client.Producer;
import io.funes.client.ProducerRecord;
import io.funes.server.broker.Broker;
import io.funes.server.config.BrokerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command as its user types it, against a broker. */
class BrokerCommandsTest {
  @TempDir static Path folder;
  private static Broker broker;

  @BeforeAll
  static void start() {
    broker =
        Broker.start(
            BrokerConfig.of(
                Map.of(
                    "data.dir", folder.resolve("data").toString(),
                    "listen", "127.0.0.1:0",
                    "disk.free.bytes.min", "0",
                    "metrics.listen", "off")));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void topicLivesItsLife() {
    assertThat(ok("topic", "create", "life", "--partitions", "3", "--config", "retention.ms=-1"))
        .isEqualTo("created topic life (3 partitions, 1 replica, retention.ms=-1)\n");
    assertThat(ok("topic", "list", "--prefix", "life"))
        .isEqualTo(
            """
            TOPIC  PARTITIONS  REPLICAS  CONFIGS
            life            3         1  retention.ms=-1
            """);
    assertThat(ok("topic", "alter", "life", "--partitions", "4", "--reset", "retention.ms"))
        .isEqualTo("changed topic life (4 partitions, 1 replica)\n");
    assertThat(ok("topic", "describe", "life"))
        .contains("topic       life\n", "partitions  4\n", "records     0\n")
        .containsPattern("PARTITION +LEADER +REPLICAS +IN-SYNC +START +END +RECORDS\n")
        .containsPattern("\n +3 +0 +0 +0 +0 +0 +0\n");
    assertThat(ok("topic", "describe", "life", "--all-configs")).contains("segment.bytes=");
    assertThat(ok("topic", "delete", "life")).isEqualTo("deleted topic life\n");
    assertThat(ok("topic", "delete", "life", "--if-exists")).isEqualTo("there is no topic life\n");
  }

  @Test
  void topicAsJsonIsOneObject() {
    ok("topic", "create", "asjson", "--partitions", "2");

    assertThat(ok("topic", "list", "--prefix", "asjson", "-o", "json"))
        .startsWith("{\"topic\":\"asjson\",\"id\":\"")
        .contains("\"partition_count\":2,\"replication_factor\":1,\"configs\":{}")
        .hasLineCount(1);
    assertThat(ok("topic", "describe", "asjson", "-o", "json"))
        .contains("\"partitions\":[{\"partition\":0,\"leader\":0,")
        .contains("\"log_start_offset\":0,\"high_watermark\":0}")
        .hasLineCount(1);
    assertThat(ok("topic", "delete", "asjson", "-o", "json"))
        .contains("\"topic\":\"asjson\"")
        .contains("\"deleted\":true");
  }

  @Test
  void existingTopicIsRefusedUnlessThatIsFine() {
    ok("topic", "create", "twice");

    CliRun again = run("topic", "create", "twice");
    CliRun fine = run("topic", "create", "twice", "--if-not-exists", "-o", "json");

    assertThat(again.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(again.err()).startsWith("funes: ").contains("twice").hasLineCount(1);
    assertThat(fine.exitCode()).isZero();
    assertThat(fine.out()).contains("\"created\":false");
  }

  @Test
  void checkedOnlyTopicIsNotMade() {
    assertThat(ok("topic", "create", "checked", "--validate-only"))
        .startsWith("could create topic checked");
    assertThat(run("topic", "describe", "checked").exitCode()).isEqualTo(ExitCode.NOT_FOUND);
  }

  @Test
  void refusalsHaveTheirExitCodes() {
    assertThat(run("topic", "create", "bad name").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run("topic", "create", "x", "--config", "retenton.ms=1").err())
        .contains("did you mean \"retention.ms\"?");
    assertThat(run("topic", "create", "x", "--replicas", "3").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run("topic", "delete", "none").exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(run("consume", "none").exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    CliRun json = run("topic", "describe", "none", "-o", "json");
    assertThat(json.err()).startsWith("{\"error\":{\"reason\":\"UNKNOWN_TOPIC\"");
  }

  @Test
  void clusterIsShownWithBrokersAndMetadata() {
    ok("topic", "create", "shown", "--partitions", "2");

    assertThat(ok("cluster", "describe"))
        .containsPattern("cluster     [0-9a-f-]{36}\ncontroller  0\nbrokers     1: 1 up\n")
        .containsPattern("partitions  \\d+: all in order\n\n")
        .containsPattern("BROKER +STATE +ADDRESS +INTERNAL +RACK +REPLICAS +LEADS +METADATA +LAG\n")
        .containsPattern(" 0  up +127.0.0.1:\\d+ .* leader +0\n");
    assertThat(ok("cluster", "describe", "-o", "json"))
        .startsWith("{\"cluster_id\":\"")
        .contains("\"controller\":0,\"brokers\":[{\"broker\":0,\"state\":\"up\"")
        .contains("\"quorum\":[{\"broker\":0,")
        .contains("\"offline\":0", "\"unhealthy\":[]")
        .hasLineCount(1);
  }

  @Test
  void brokerAloneHasNothingToMove() {
    ok("topic", "create", "stays", "--partitions", "3");

    assertThat(ok("cluster", "rebalance")).isEqualTo("nothing to move\n");
    assertThat(ok("cluster", "rebalance", "--plan", "-o", "json"))
        .isEqualTo("{\"moves\":[],\"replicas_to_copy\":0,\"bytes_to_copy\":0}\n");
    assertThat(ok("cluster", "rebalance", "--apply")).isEqualTo("nothing to move\n");
    assertThat(ok("cluster", "elect"))
        .isEqualTo("every partition is led by its preferred replica\n");
    assertThat(ok("cluster", "elect", "stays/1", "-o", "json"))
        .startsWith("{\"topic\":\"stays\",\"partition\":1,\"leader\":0,\"reason\":null");
  }

  @Test
  void clusterCommandsThatCannotBeDoneHaveTheirExitCodes() {
    ok("topic", "create", "last");

    CliRun drain = run("cluster", "drain", "0");
    CliRun remove = run("cluster", "remove", "0");

    assertThat(drain.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(drain.err()).contains("/0 can go nowhere").contains("start another broker");
    assertThat(remove.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(remove.err()).contains("broker 0 holds");
    assertThat(run("cluster", "drain", "9").exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(run("cluster", "remove", "9").exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(run("cluster", "elect", "last").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run("cluster", "elect", "--unclean").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run("cluster", "rebalance", "--plan", "--apply").exitCode())
        .isEqualTo(ExitCode.USAGE);
    assertThat(run("cluster", "elect", "none/0").exitCode()).isEqualTo(ExitCode.REFUSED);
  }

  @Test
  void linesComeBackByteForByteInTheOrderOfTheirKeys() {
    ok("topic", "create", "lines", "--partitions", "6");
    String lines =
        IntStream.range(0, 2_000)
            .mapToObj(i -> "host-%d GET /%d ä\r\n".formatted(i % 17, i))
            .collect(Collectors.joining());

    CliRun produced =
        new CliRun().input(lines).run(args("produce", "lines", "--key-regex", "^\\S+"));
    String consumed = ok("consume", "lines", "--exit-at-end");

    assertThat(produced.exitCode()).isZero();
    assertThat(produced.out()).isEmpty();
    assertThat(produced.err()).matches("produced 2,000 records \\(.* KiB\\) to lines in .*\n");
    assertThat(consumed.lines().sorted().toList()).isEqualTo(lines.lines().sorted().toList());
    for (int host = 0; host < 17; host++) {
      String key = "host-" + host + " ";
      assertThat(of(consumed, key)).isEqualTo(of(lines, key));
    }
  }

  @Test
  void recordsCarryKeyHeadersAndPartition() {
    ok("topic", "create", "parts", "--partitions", "3");
    CliRun produced =
        new CliRun()
            .input("k=v\nplain\n")
            .run(
                args(
                    "produce",
                    "parts",
                    "--key-delimiter",
                    "=",
                    "--partition",
                    "2",
                    "--header",
                    "h=1",
                    "--header",
                    "h=2",
                    "--compression",
                    "zstd",
                    "-o",
                    "json"));

    assertThat(produced.out())
        .startsWith(
            "{\"topic\":\"parts\",\"records\":2,\"failed\":0,\"without_key\":1,\"bytes\":10,");
    assertThat(
            ok("consume", "parts", "--exit-at-end", "--format", "%t/%p/%o [%k] [%s] %h %K %S\\n"))
        .isEqualTo("parts/2/0 [k] [v] h=1,h=2 1 1\nparts/2/1 [] [plain] h=1,h=2 -1 5\n");
    assertThat(ok("consume", "parts", "--exit-at-end", "-o", "json").lines())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("{\"topic\":\"parts\",\"partition\":2,\"offset\":0,\"timestamp_ms\":")
        .endsWith(
            "\"key\":\"k\",\"value\":\"v\",\"headers\":[{\"name\":\"h\",\"value\":\"1\"},"
                + "{\"name\":\"h\",\"value\":\"2\"}]}");
  }

  @Test
  void recordsComeBackFromTheirJson() {
    ok("topic", "create", "old", "--partitions", "3");
    ok("topic", "create", "new", "--partitions", "3");
    byte[] binary = {0, (byte) 0xff, '\n'};
    try (Producer producer = Producer.builder().server(broker.address()).build()) {
      producer.send(ProducerRecord.to("old").key("k").value("v").timestampMs(1).build(), null);
      producer.send(ProducerRecord.to("old").key(binary).value(binary).build(), null);
      producer.send(ProducerRecord.to("old").value("no key").partition(2).build(), null);
      producer.send(ProducerRecord.to("old").key("tombstone").build(), null);
      producer.send(ProducerRecord.to("old").key("").value("").build(), null);
      producer.send(
          ProducerRecord.to("old")
              .value("\u2028 \"ä\" \\")
              .header("h", "1")
              .header("h", binary)
              .header("none", (byte[]) null)
              .build(),
          null);
    }
    String lines = ok("consume", "old", "--exit-at-end", "-o", "json");

    CliRun produced =
        new CliRun().input(lines).run(args("produce", "new", "--input-format", "json"));

    assertThat(produced.exitCode()).as(produced.err()).isZero();
    assertThat(lines).hasLineCount(6).contains("_base64", "\"value\":null", "\"key\":null");
    assertThat(ok("consume", "new", "--exit-at-end", "-o", "json").lines())
        .containsExactlyInAnyOrderElementsOf(
            lines.replace("\"topic\":\"old\"", "\"topic\":\"new\"").lines().toList());
  }

  @Test
  void wrongJsonLineIsNamedAndWhatCameBeforeItIsThere() {
    ok("topic", "create", "badline");
    String lines = "{\"value\":\"a\"}\n{\"valeu\":\"b\"}\n{\"value\":\"c\"}\n";

    CliRun run = new CliRun().input(lines).run(args("produce", "badline", "--input-format=json"));

    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err().lines())
        .satisfiesExactly(
            summary -> assertThat(summary).startsWith("produced 1 record "),
            error -> assertThat(error).startsWith("funes: line 2: unknown field \"valeu\"; "));
    assertThat(ok("consume", "badline", "--exit-at-end")).isEqualTo("a\n");
  }

  @Test
  void partitionThatALineNamesIsBlamedOnIt() {
    ok("topic", "create", "onlyone");
    String lines = "{\"value\":\"a\"}\n{\"value\":\"b\",\"partition\":4}\n";

    CliRun run = new CliRun().input(lines).run(args("produce", "onlyone", "--input-format=json"));

    assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(run.err()).endsWith("funes: line 2: topic onlyone has 1 partition, so none is 4\n");
  }

  @Test
  void consumeBeginsAndEndsWhereItIsTold() throws IOException {
    ok("topic", "create", "range");
    Path file = Files.writeString(folder.resolve("range.txt"), "a\nb\nc\nd\n");
    ok("produce", "range", "--file", file.toString());

    assertThat(ok("consume", "range", "--from", "1", "--max", "2")).isEqualTo("b\nc\n");
    assertThat(ok("consume", "range", "--from", "latest", "--exit-at-end")).isEmpty();
    assertThat(ok("consume", "range", "--from", "-1h", "--exit-at-end")).isEqualTo("a\nb\nc\nd\n");
    assertThat(ok("consume", "range", "--max", "0")).isEmpty();
    assertThat(ok("consume", "range", "--from", "4", "--exit-at-end")).isEmpty();
    CliRun behind = run("consume", "range", "--from", "5", "--exit-at-end");
    assertThat(behind.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(behind.err())
        .isEqualTo("funes: offset 5 of range-0 is not in its log, which goes from 0 to 4\n");
    assertThat(run("consume", "range", "--from", "5").exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(run("consume", "range", "--partition", "7", "--exit-at-end").exitCode())
        .isEqualTo(ExitCode.NOT_FOUND);
  }

  @Test
  void recordThatIsTooLargeIsNamedByItsLine() {
    ok("topic", "create", "small", "--config", "max.record.bytes=100");

    CliRun run =
        new CliRun()
            .input("fine\nfine\n" + "x".repeat(200) + "\nfine\n")
            .run(args("produce", "small"));

    assertThat(run.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(run.err().lines().toList().getLast()).startsWith("funes: line 3: ").contains("100");
  }

  @Test
  void produceToAnUnknownTopicSaysOnlyThat() {
    CliRun run = new CliRun().input("x\n").run(args("produce", "nowhere"));

    assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(run.err()).startsWith("funes: topic nowhere does not exist").hasLineCount(1);
  }

  @Test
  void firstServerThatAnswersIsTaken() {
    CliRun run =
        new CliRun()
            .environment("FUNES_SERVER", "nohost.invalid:1942," + broker.address())
            .run("topic", "create", "reached");

    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  @Test
  void segmentsOfARunningBrokerCanBeDumped() {
    ok("topic", "create", "dumped");
    new CliRun().input("one\ntwo\n").run(args("produce", "dumped"));

    CliRun run = CliRun.of("log", "dump", folder.resolve("data").toString(), "--records");

    assertThat(run.out()).contains("\"value\":\"one\"").contains("\"value\":\"two\"");
    assertThat(run.out()).doesNotContain("DAMAGED");
  }

  @Test
  void secondBrokerOnTheFolderIsRefused() {
    CliRun run =
        CliRun.of(
            "start",
            "--data",
            folder.resolve("data").toString(),
            "--listen",
            "127.0.0.1:0",
            "--set",
            "metrics.listen=off");

    assertThat(run.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(run.err()).contains("is in use by process").hasLineCount(1);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void takenPortIsRefused() {
    CliRun run =
        CliRun.of(
            "start",
            "--data",
            folder.resolve("other").toString(),
            "--listen",
            broker.address(),
            "--set",
            "metrics.listen=off");

    assertThat(run.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(run.err()).contains(broker.address() + " is in use").hasLineCount(1);
  }

  @Test
  void placesThatCannotBeAreToldWithoutTheNamesOfExceptions() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    CliRun below = CliRun.of("start", "--data", file.resolve("below").toString());
    CliRun foreign =
        CliRun.of(
            "start",
            "--data",
            folder.resolve("foreign").toString(),
            "--listen",
            "203.0.113.5:1942",
            "--set",
            "metrics.listen=off");
    CliRun config = CliRun.of("start", "--config", folder.toString());

    assertThat(below.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(below.err())
        .isEqualTo(
            "funes: data folder %s/below cannot be made, no folder can be there: give another\n"
                .formatted(file));
    assertThat(foreign.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(foreign.err()).contains("is no address of this machine: give another --listen");
    assertThat(config.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(config.err()).endsWith("is a folder: give a file\n").hasLineCount(1);
  }

  @Test
  void nothingIsSuggestedThatNobodyCanHaveMeant() {
    assertThat(run("topic", "create", "x", "--config", "x=1").err())
        .startsWith("funes: there is no topic config \"x\": use one of retention.ms, ")
        .doesNotContain("did you mean");
  }

  private static String ok(String... args) {
    CliRun run = run(args);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out();
  }

  private static CliRun run(String... args) {
    return CliRun.of(args(args));
  }

  private static String[] args(String... args) {
    String[] all = Arrays.copyOf(args, args.length + 2);
    all[args.length] = "--server";
    all[args.length + 1] = broker.address();
    return all;
  }

  private static List<String> of(String text, String prefix) {
    return text.lines().filter(line -> line.startsWith(prefix)).toList();
  }
}
