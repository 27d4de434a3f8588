package io.funes.cli.log;

import io.funes.cli.log.BatchRecords.UnreadableBodyException;
import io.funes.cli.log.SegmentReader.Batch;
import io.funes.cli.terminal.CommandFailure;
import io.funes.cli.terminal.ExitCode;
import io.funes.cli.terminal.Invocation;
import io.funes.cli.terminal.Json;
import io.funes.cli.terminal.Output;
import io.funes.server.record.BatchLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what stands in segment files. */
@Command(
    name = "dump",
    description = {
      "Print the batches of segment files, and check their CRCs.",
      "Reads only, so a broker may run on the files; a batch that it is just writing shows as cut"
          + " off."
    },
    abbreviateSynopsis = true,
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  funes log dump funes-data",
      "  funes log dump 00000000000000000000.log --records -o json"
    })
final class LogDumpCommand implements Callable<Integer> {
  /** RocksDB has *.log files too, with fewer digits. */
  private static final Pattern SEGMENT = Pattern.compile("\\d{20}\\.log");

  private final Invocation invocation;

  @Parameters(
      paramLabel = "FILE|DIR",
      description =
          "A segment file, or a folder: all that it holds, and those below (20 digits and .log).")
  private Path path;

  @Option(names = "--records", description = "Print the records of each batch as well.")
  private boolean records;

  LogDumpCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() throws IOException {
    List<Path> files = files();
    int damaged = 0;
    for (Path file : files) {
      damaged += dump(file) ? 0 : 1;
    }
    if (damaged > 0) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "DAMAGED",
          "%d of %d segment files are damaged".formatted(damaged, files.size()),
          null);
    }
    return ExitCode.OK;
  }

  private List<Path> files() throws IOException {
    if (!Files.exists(path)) {
      throw notFound("there is no file or folder " + path);
    }
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> below = Files.walk(path)) {
      List<Path> files = below.filter(LogDumpCommand::isSegment).sorted().toList();
      if (files.isEmpty()) {
        throw notFound("there are no segment files (20 digits and .log) in or below " + path);
      }
      return files;
    }
  }

  private static boolean isSegment(Path file) {
    return SEGMENT.matcher(file.getFileName().toString()).matches();
  }

  /** Returns whether the file is sound. */
  private boolean dump(Path file) throws IOException {
    boolean sound = true;
    long batches = 0;
    long recordCount = 0;
    try (SegmentReader reader = new SegmentReader(file)) {
      if (!invocation.json()) {
        invocation.out().line("%s, %d bytes".formatted(file, reader.size()));
      }
      for (Optional<Batch> next = reader.next(); next.isPresent(); next = reader.next()) {
        batches++;
        recordCount += BatchLayout.recordCount(next.get().bytes(), 0);
        sound &= print(file, next.get());
      }
      end(file, reader, batches, recordCount);
      return sound && reader.damage().isEmpty();
    }
  }

  private boolean print(Path file, Batch batch) {
    boolean sound = batch.crcMatches();
    if (invocation.json()) {
      invocation.out().json(BatchText.fields(file.toString(), batch));
    } else {
      invocation.out().line("  " + BatchText.line(batch));
    }
    if (records) {
      try {
        BatchRecords.of(batch).forEach(this::printRecord);
      } catch (UnreadableBodyException e) {
        damage(file, batch.position(), e.getMessage());
        return false;
      }
    }
    return sound;
  }

  private void printRecord(Map<String, Object> fields) {
    Output out = invocation.out();
    out.line((invocation.json() ? "" : "    ") + Json.text(fields));
  }

  private void end(Path file, SegmentReader reader, long batches, long recordCount) {
    reader.damage().ifPresent(what -> damage(file, reader.position(), what));
    if (!invocation.json()) {
      invocation
          .out()
          .line(
              "  %d batches, %d records%s"
                  .formatted(
                      batches,
                      recordCount,
                      reader.damage().isPresent()
                          ? "; %d bytes behind them cannot be read"
                              .formatted(reader.size() - reader.position())
                          : ""));
    }
  }

  private void damage(Path file, long position, String what) {
    if (invocation.json()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("file", file.toString());
      fields.put("position", position);
      fields.put("damage", what);
      invocation.out().json(fields);
    } else {
      invocation.out().line("  at %d: DAMAGED, %s".formatted(position, what));
    }
  }

  private static CommandFailure notFound(String message) {
    return new CommandFailure(ExitCode.NOT_FOUND, "FILE_NOT_FOUND", message, null);
  }
}
