package io.funes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.cli.terminal.ExitCode;
import io.funes.client.Producer;
import io.funes.client.ProducerRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records on their way into a topic and out of it. */
class RecordCommandsTest {
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
  void linesComeBackByteForByteInTheOrderOfTheirKeys() {
    broker.ok("topic", "create", "lines", "--partitions", "6");
    String lines =
        IntStream.range(0, 2_000)
            .mapToObj(i -> "host-%d GET /%d ä\r\n".formatted(i % 17, i))
            .collect(Collectors.joining());

    CliRun produced =
        new CliRun().input(lines).run(broker.args("produce", "lines", "--key-regex", "^\\S+"));
    String consumed = broker.ok("consume", "lines", "--exit-at-end");

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
    broker.ok("topic", "create", "parts", "--partitions", "3");
    CliRun produced =
        new CliRun()
            .input("k=v\nplain\n")
            .run(
                broker.args(
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
            broker.ok(
                "consume", "parts", "--exit-at-end", "--format", "%t/%p/%o [%k] [%s] %h %K %S\\n"))
        .isEqualTo("parts/2/0 [k] [v] h=1,h=2 1 1\nparts/2/1 [] [plain] h=1,h=2 -1 5\n");
    assertThat(broker.ok("consume", "parts", "--exit-at-end", "-o", "json").lines())
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
    broker.ok("topic", "create", "old", "--partitions", "3");
    broker.ok("topic", "create", "new", "--partitions", "3");
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
    String lines = broker.ok("consume", "old", "--exit-at-end", "-o", "json");

    CliRun produced =
        new CliRun().input(lines).run(broker.args("produce", "new", "--input-format", "json"));

    assertThat(produced.exitCode()).as(produced.err()).isZero();
    assertThat(lines).hasLineCount(6).contains("_base64", "\"value\":null", "\"key\":null");
    assertThat(broker.ok("consume", "new", "--exit-at-end", "-o", "json").lines())
        .containsExactlyInAnyOrderElementsOf(
            lines.replace("\"topic\":\"old\"", "\"topic\":\"new\"").lines().toList());
  }

  @Test
  void wrongJsonLineIsNamedAndWhatCameBeforeItIsThere() {
    broker.ok("topic", "create", "badline");
    String lines = "{\"value\":\"a\"}\n{\"valeu\":\"b\"}\n{\"value\":\"c\"}\n";

    CliRun run =
        new CliRun().input(lines).run(broker.args("produce", "badline", "--input-format=json"));

    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.err().lines())
        .satisfiesExactly(
            summary -> assertThat(summary).startsWith("produced 1 record "),
            error -> assertThat(error).startsWith("funes: line 2: unknown field \"valeu\"; "));
    assertThat(broker.ok("consume", "badline", "--exit-at-end")).isEqualTo("a\n");
  }

  @Test
  void partitionThatALineNamesIsBlamedOnIt() {
    broker.ok("topic", "create", "onlyone");
    String lines = "{\"value\":\"a\"}\n{\"value\":\"b\",\"partition\":4}\n";

    CliRun run =
        new CliRun().input(lines).run(broker.args("produce", "onlyone", "--input-format=json"));

    assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(run.err()).endsWith("funes: line 2: topic onlyone has 1 partition, so none is 4\n");
  }

  @Test
  void consumeBeginsAndEndsWhereItIsTold() throws IOException {
    broker.ok("topic", "create", "range");
    Path file = Files.writeString(folder.resolve("range.txt"), "a\nb\nc\nd\n");
    broker.ok("produce", "range", "--file", file.toString());

    assertThat(broker.ok("consume", "range", "--from", "1", "--max", "2")).isEqualTo("b\nc\n");
    assertThat(broker.ok("consume", "range", "--from", "latest", "--exit-at-end")).isEmpty();
    assertThat(broker.ok("consume", "range", "--from", "-1h", "--exit-at-end"))
        .isEqualTo("a\nb\nc\nd\n");
    assertThat(broker.ok("consume", "range", "--max", "0")).isEmpty();
    assertThat(broker.ok("consume", "range", "--from", "4", "--exit-at-end")).isEmpty();
    CliRun behind = broker.run("consume", "range", "--from", "5", "--exit-at-end");
    assertThat(behind.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(behind.err())
        .isEqualTo("funes: offset 5 of range-0 is not in its log, which goes from 0 to 4\n");
    assertThat(broker.run("consume", "range", "--from", "5").exitCode())
        .isEqualTo(ExitCode.REFUSED);
    assertThat(broker.run("consume", "range", "--partition", "7", "--exit-at-end").exitCode())
        .isEqualTo(ExitCode.NOT_FOUND);
  }

  @Test
  void recordThatIsTooLargeIsNamedByItsLine() {
    broker.ok("topic", "create", "small", "--config", "max.record.bytes=100");

    CliRun run =
        new CliRun()
            .input("fine\nfine\n" + "x".repeat(200) + "\nfine\n")
            .run(broker.args("produce", "small"));

    assertThat(run.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(run.err().lines().toList().getLast()).startsWith("funes: line 3: ").contains("100");
  }

  @Test
  void produceToAnUnknownTopicSaysOnlyThat() {
    CliRun run = new CliRun().input("x\n").run(broker.args("produce", "nowhere"));

    assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(run.err()).startsWith("funes: there is no topic nowhere").hasLineCount(1);
  }

  @Test
  void segmentsOfARunningBrokerCanBeDumped() {
    broker.ok("topic", "create", "dumped");
    new CliRun().input("one\ntwo\n").run(broker.args("produce", "dumped"));

    CliRun run = CliRun.of("log", "dump", folder.resolve("data").toString(), "--records");

    assertThat(run.out()).contains("\"value\":\"one\"").contains("\"value\":\"two\"");
    assertThat(run.out()).doesNotContain("DAMAGED");
  }

  private static List<String> of(String text, String prefix) {
    return text.lines().filter(line -> line.startsWith(prefix)).toList();
  }
}
