package io.funes.cli.records;

import io.funes.cli.terminal.CommandFailure;
import io.funes.cli.terminal.ConnectionOptions;
import io.funes.cli.terminal.ExitCode;
import io.funes.cli.terminal.Failures;
import io.funes.cli.terminal.Invocation;
import io.funes.cli.terminal.OnInterrupt;
import io.funes.client.Acks;
import io.funes.client.Compression;
import io.funes.client.ErrorReason;
import io.funes.client.Header;
import io.funes.client.Producer;
import io.funes.client.ProducerRecord;
import io.funes.client.RecordRefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends lines to a topic. */
@Command(
    name = "produce",
    description = "Send lines to a topic, each as a record.",
    abbreviateSynopsis = true,
    sortOptions = false,
    footer = {
      "",
      "A line is sent as the bytes that it is, without its line feed. Records without",
      "a key are spread over the partitions in batches. A line in which no key is",
      "found is sent without one.",
      "",
      "With --input-format json a line is what 'funes consume -o json' prints: value or",
      "value_base64 and, where they are given, key or key_base64, headers, partition",
      "and timestamp_ms. A null value is a tombstone. topic and offset do not matter.",
      "",
      "Examples:",
      "  echo hello | funes produce greetings",
      "  funes produce access-log --file access.log --key-regex '^\\S+'",
      "  funes produce settings --key-delimiter = < settings.properties",
      "  funes consume a --exit-at-end -o json | funes produce b --input-format json"
    })
public final class ProduceCommand implements Callable<Integer> {
  private final Invocation invocation;

  @Parameters(paramLabel = "TOPIC", description = "Topic name.")
  private String topic;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Read this file. Default: the standard input.")
  private Path file;

  @Option(
      names = "--input-format",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "How a line tells of its record; see below. Default: ${DEFAULT-VALUE}.")
  private InputFormat inputFormat;

  @ArgGroup private Keys keys;

  /** At most one of them. */
  private static final class Keys {
    @Option(
        names = "--key-delimiter",
        paramLabel = "TEXT",
        description =
            "The key stands before the first TEXT of a line, the value behind it (\\t: tab).")
    private String delimiter;

    @Option(
        names = "--key-regex",
        paramLabel = "REGEX",
        description =
            "The key is what the first group matches, or all of the match; the value is the line.")
    private String regex;
  }

  @Option(
      names = "--header",
      paramLabel = "NAME=VALUE",
      description = "A header of every record; may be repeated.")
  private List<String> headers = new ArrayList<>();

  @Option(
      names = "--partition",
      paramLabel = "N",
      description = "Send everything to this partition, whatever the key.")
  private Integer partition;

  @Option(
      names = "--acks",
      paramLabel = "0|1|all",
      defaultValue = "all",
      description =
          "When a record counts as written: all in-sync replicas have it, the leader has it (1), or"
              + " it was sent (0: may be lost). Default: ${DEFAULT-VALUE}.")
  private String acks;

  @Option(
      names = "--compression",
      paramLabel = "CODEC",
      defaultValue = "none",
      description = "none, gzip, snappy, lz4 or zstd. Default: ${DEFAULT-VALUE}.")
  private Compression compression;

  @Mixin private ConnectionOptions connection;

  private ProduceCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  public static CommandLine commandLine(Invocation invocation) {
    return new CommandLine(new ProduceCommand(invocation));
  }

  @Override
  public Integer call() throws IOException {
    if (partition != null && partition < 0) {
      throw CommandFailure.usage("--partition must not be negative");
    }
    boolean keyed = keys != null;
    LineFormat format = lineFormat();
    List<Header> parsedHeaders = headers.stream().map(ProduceCommand::header).toList();
    Delivery.Failed failure;
    try (InputStream in = open();
        Producer producer = producer()) {
      LineSender sender = new LineSender(topic, producer, invocation, inputBytes());
      failure =
          OnInterrupt.run(
              () -> sender.stop(keyed),
              () -> sender.send(in, line -> record(line, format, parsedHeaders), keyed));
    }
    if (failure != null) {
      throw ofLine(failure);
    }
    return ExitCode.OK;
  }

  private ProducerRecord record(byte[] line, LineFormat format, List<Header> parsedHeaders) {
    ProducerRecord.Builder record = ProducerRecord.to(topic);
    format.read(line, record);
    parsedHeaders.forEach(record::header);
    if (partition != null) {
      record.partition(partition);
    }
    return record.build();
  }

  private LineFormat lineFormat() {
    if (keys == null) {
      return inputFormat == InputFormat.json ? LineFormat.json() : LineFormat.value();
    }
    if (inputFormat == InputFormat.json) {
      throw CommandFailure.usage(
          "with --input-format json the key stands in the line: leave out --key-...");
    }
    return keys.regex != null
        ? LineFormat.keyRegex(keys.regex)
        : LineFormat.keyDelimiter(keys.delimiter);
  }

  private Producer producer() {
    return Producer.builder()
        .acks(acks())
        .server(connection.server(invocation))
        .deliveryTimeout(connection.timeout())
        .compression(compression)
        .build();
  }

  private Acks acks() {
    return switch (acks) {
      case "0" -> Acks.NONE;
      case "1" -> Acks.LEADER;
      case "all", "-1" -> Acks.ALL;
      default -> throw CommandFailure.usage("--acks is 0, 1 or all, not \"%s\"".formatted(acks));
    };
  }

  private static Header header(String text) {
    int equals = text.indexOf('=');
    if (equals <= 0) {
      throw CommandFailure.usage("--header \"%s\" is not NAME=VALUE".formatted(text));
    }
    return Header.of(text.substring(0, equals), text.substring(equals + 1));
  }

  private InputStream open() throws IOException {
    if (file == null) {
      if (invocation.terminal().in()) {
        invocation.err().println("type records, one per line; Ctrl-D ends");
      }
      return invocation.in();
    }
    if (Files.isDirectory(file)) {
      throw CommandFailure.usage(file + " is a folder: give a file");
    }
    try {
      return Files.newInputStream(file);
    } catch (NoSuchFileException e) {
      throw new CommandFailure(ExitCode.NOT_FOUND, "FILE_NOT_FOUND", "there is no file " + file, e);
    }
  }

  private long inputBytes() throws IOException {
    return file == null ? 0 : Files.size(file);
  }

  private CommandFailure ofLine(Delivery.Failed failure) {
    CommandFailure known = Failures.of(failure.error());
    boolean blamesRecord =
        failure.error() instanceof RecordRefusedException
            || (partition == null && failure.error().reason() == ErrorReason.UNKNOWN_PARTITION);
    return blamesRecord
        ? new CommandFailure(
            known.exitCode(),
            known.reason(),
            "line %d: %s".formatted(failure.line(), known.getMessage()),
            failure.error())
        : known;
  }

  /** Written in lower case, as on the command line. */
  enum InputFormat {
    text,
    json
  }
}
