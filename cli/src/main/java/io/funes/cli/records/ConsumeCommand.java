package io.funes.cli.records;

import io.funes.cli.terminal.CommandFailure;
import io.funes.cli.terminal.ConnectionOptions;
import io.funes.cli.terminal.ExitCode;
import io.funes.cli.terminal.Invocation;
import io.funes.cli.terminal.OnInterrupt;
import io.funes.client.Admin;
import io.funes.client.Consumer;
import io.funes.client.ConsumerRecord;
import io.funes.client.PartitionOffsets;
import io.funes.client.StartPosition;
import io.funes.client.TopicPartition;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints the records of a topic. */
@Command(
    name = "consume",
    description = "Print the records of a topic, and wait for more until Ctrl-C.",
    abbreviateSynopsis = true,
    sortOptions = false,
    footer = {
      "",
      "The text of --format may have",
      "  %%s value      %%S its length, -1 for no value    %%p partition",
      "  %%k key        %%K its length, -1 for no key      %%o offset",
      "  %%t topic      %%h headers: name=value,...        %%T ms since 1970",
      "  %%%% percent    \\n \\t \\r \\0 \\\\ as usual; nothing is added: end it with \\n",
      "",
      "Records of a partition come in order; partitions are mixed as they arrive.",
      "",
      "Examples:",
      "  funes consume access-log --exit-at-end",
      "  funes consume access-log --from -15m --format '%%p:%%o %%k %%s\\n'",
      "  funes consume access-log --max 100 -o json | jq .value"
    })
public final class ConsumeCommand implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final long STOP_WAIT_SECONDS = 2;

  private final Invocation invocation;
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile boolean stopping;
  private long printed;

  @Parameters(paramLabel = "TOPIC", description = "Topic name.")
  private String topic;

  @Option(
      names = "--from",
      paramLabel = "PLACE",
      defaultValue = "earliest",
      description =
          "earliest, latest, an offset, or a time: 2026-05-17T10:05:00Z, 2026-05-17 (local),"
              + " @1779012300000 (ms since 1970), -90s, -15m, -1h, -7d. Default: ${DEFAULT-VALUE}.")
  private String from;

  @Option(
      names = "--partition",
      paramLabel = "N",
      split = ",",
      description = "Only this partition; may be repeated. Default: all.")
  private List<Integer> partitions = new ArrayList<>();

  @Option(names = "--max", paramLabel = "N", description = "Stop after so many records.")
  private Long max;

  @Option(
      names = "--exit-at-end",
      description = "Stop at what is the end of the topic now, instead of waiting for more.")
  private boolean exitAtEnd;

  @Option(
      names = "--rack",
      paramLabel = "NAME",
      defaultValue = "",
      description = "Read from in-sync replicas in this rack, where there are some.")
  private String rack;

  @Option(
      names = "--format",
      paramLabel = "TEXT",
      description = "How to print a record; see below.")
  private String format;

  @Mixin private ConnectionOptions connection;

  private ConsumeCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  public static CommandLine commandLine(Invocation invocation) {
    return new CommandLine(new ConsumeCommand(invocation));
  }

  @Override
  public Integer call() {
    if (format != null && invocation.json()) {
      throw CommandFailure.usage("--format and -o json exclude each other");
    }
    if (max != null && max < 0) {
      throw CommandFailure.usage("--max must not be negative");
    }
    RecordFormat text = RecordFormat.parse(format == null ? RecordFormat.VALUE_PER_LINE : format);
    StartPosition start = StartText.parse(from, Instant.now(), ZoneId.systemDefault());
    Map<TopicPartition, Long> ends = exitAtEnd ? ends() : Map.of();
    try (Consumer consumer = consumer(start)) {
      return OnInterrupt.run(() -> stop(consumer), () -> print(consumer, text, ends));
    } finally {
      done.countDown();
    }
  }

  private Consumer consumer(StartPosition start) {
    return Consumer.builder()
        .server(connection.server(invocation))
        .callTimeout(connection.timeout())
        .startAt(start)
        .rack(rack)
        .build();
  }

  private int print(Consumer consumer, RecordFormat text, Map<TopicPartition, Long> ends) {
    assign(consumer);
    while (!stopping && !reachedMax() && !(exitAtEnd && reachedEnd(consumer, ends))) {
      for (ConsumerRecord record : consumer.poll(POLL)) {
        if (reachedMax()) {
          break;
        }
        print(record, text);
      }
      invocation.out().flush();
    }
    return ExitCode.OK;
  }

  private void assign(Consumer consumer) {
    if (partitions.isEmpty()) {
      consumer.assign(topic);
    } else {
      consumer.assign(partitions.stream().map(p -> new TopicPartition(topic, p)).toList());
    }
  }

  private Map<TopicPartition, Long> ends() {
    OptionalLong offset = StartText.offset(from);
    try (Admin admin = connection.admin(invocation)) {
      Map<TopicPartition, Long> ends = new HashMap<>();
      for (PartitionOffsets offsets : admin.offsets(topic, StartPosition.latest()).values()) {
        TopicPartition partition = offsets.topicPartition();
        if (partitions.isEmpty() || partitions.contains(partition.partition())) {
          offset.ifPresent(asked -> checkBelowEnd(asked, offsets));
        }
        ends.put(partition, offsets.highWatermark());
      }
      return ends;
    }
  }

  /** Behind the end there is nothing to wait for, so nobody else would complain. */
  private static void checkBelowEnd(long offset, PartitionOffsets offsets) {
    if (offset > offsets.highWatermark()) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "OFFSET_OUT_OF_RANGE",
          "offset %d of %s is not in its log, which goes from %d to %d"
              .formatted(
                  offset,
                  offsets.topicPartition(),
                  offsets.logStartOffset(),
                  offsets.highWatermark()),
          null);
    }
  }

  private static boolean reachedEnd(Consumer consumer, Map<TopicPartition, Long> ends) {
    return consumer.assignment().stream()
        .allMatch(partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L));
  }

  private boolean reachedMax() {
    return max != null && printed >= max;
  }

  private void print(ConsumerRecord record, RecordFormat text) {
    if (invocation.json()) {
      invocation.out().json(RecordJson.fields(record));
    } else {
      text.print(record, invocation.out());
    }
    printed++;
  }

  /** Lets the record be finished that is being printed. */
  private void stop(Consumer consumer) {
    stopping = true;
    consumer.wakeup();
    try {
      done.await(STOP_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
