package io.funes.bench;

import io.funes.bench.machine.PageCache;
import io.funes.bench.report.Comparison;
import io.funes.bench.report.ResultTable;
import io.funes.bench.report.ResultsFile;
import io.funes.bench.workload.Workload;
import io.funes.bench.workload.Workloads;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Entry point of the benchmarks. */
@Command(
    name = "funes bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Measures Funes, beside Apache Kafka where asked, and prints a Markdown table.",
    footer = {
      "",
      "Every run becomes a line of JSON in bench/target/results/. Let nothing else run meanwhile.",
      "docs/benchmarks.md says what is measured and by which rules."
    })
public final class BenchCommand implements Callable<Integer> {
  private static final List<String> ALL_SYSTEMS = List.of("kafka", "funes", "pipe");

  @Option(
      names = "--compare",
      split = ",",
      paramLabel = "SYSTEM",
      description = "What to run beside Funes: kafka, pipe (gRPC without a log), or both.")
  private List<String> compare = List.of();

  @Option(
      names = "--workload",
      split = ",",
      paramLabel = "NAME",
      description = "Only these: ${COMPLETION-CANDIDATES}; a name may be cut short.",
      completionCandidates = WorkloadNames.class)
  private List<String> workloads = List.of("");

  @Option(
      names = "--pairs",
      paramLabel = "N",
      description = "Measured runs of each system. Default: 6, with --quick 2.")
  private Integer pairs;

  @Option(
      names = "--tries",
      paramLabel = "N",
      description =
          "Runs of each configuration before the best one is taken. Default: 2, with --quick 1.")
  private Integer tries;

  @Option(names = "--quick", description = "Short runs, for a first look only.")
  private boolean quick;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description =
          "Folder for the brokers' data, emptied before each run. Default: bench/target/work.")
  private Path work;

  @Option(names = "--without-funes", description = "Run only what --compare names.")
  private boolean withoutFunes;

  @Spec private CommandSpec spec;

  private final Installation installation = Installation.current();

  public static void main(String[] args) {
    System.exit(new CommandLine(new BenchCommand()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    List<Workload> chosen = chosenWorkloads();
    List<String> systems = systems();
    if (systems.contains("funes")) {
      installation.prepareFunes();
    }
    if (systems.contains("kafka")) {
      installation.prepareKafka();
    }
    Map<String, String> facts = facts();
    Session session = session(facts);
    List<Comparison> comparisons = new ArrayList<>();
    for (Workload workload : chosen) {
      List<String> able = systems.stream().filter(workload.systems()::contains).toList();
      if (!able.isEmpty()) {
        comparisons.add(session.compare(workload, able, pairCount(), tryCount()));
      }
    }
    System.out.println();
    System.out.println(ResultTable.of(comparisons));
    System.out.println(origin(facts));
    return 0;
  }

  /** Stands below the table: which command made it, and where. */
  private String origin(Map<String, String> facts) {
    return String.format(
        "Made by `%s` at %s, commit %s: JDK %s, %s processors, %s of memory.",
        String.join(" ", Stream.concat(Stream.of("./funes bench"), arguments()).toList()),
        facts.get("session"),
        facts.get("commit"),
        facts.get("jdk"),
        facts.get("processors"),
        facts.get("memory"));
  }

  private Stream<String> arguments() {
    return spec.commandLine().getParseResult().originalArgs().stream();
  }

  private Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("session", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    facts.put("commit", installation.commit());
    facts.put("jdk", Runtime.version().toString());
    facts.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    facts.put("memory", PageCache.totalMemory());
    return facts;
  }

  private Session session(Map<String, String> facts) throws Exception {
    Path folder = (work == null ? installation.workFolder() : work).toAbsolutePath();
    String fileName = facts.get("session").replace(':', '-') + ".jsonl";
    Path lines = installation.resultsFolder().resolve(fileName);
    System.out.println("every run: " + lines);
    ResultsFile results = new ResultsFile(lines, facts);
    return new Session(
        new WorkerProcess(installation, folder.resolve("funes-bench"), quick),
        folder.resolve("funes-bench"),
        results,
        System.out);
  }

  private List<String> systems() {
    List<String> unknown = compare.stream().filter(name -> !ALL_SYSTEMS.contains(name)).toList();
    if (!unknown.isEmpty()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "no system named " + unknown.getFirst() + "; there are kafka and pipe");
    }
    return ALL_SYSTEMS.stream()
        .filter(name -> compare.contains(name) || (name.equals("funes") && !withoutFunes))
        .toList();
  }

  private List<Workload> chosenWorkloads() {
    List<Workload> chosen =
        Workloads.ALL.stream()
            .filter(workload -> workloads.stream().anyMatch(workload.name()::startsWith))
            .toList();
    if (chosen.isEmpty()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "no workload named " + String.join(", ", workloads));
    }
    return chosen;
  }

  private int pairCount() {
    return pairs != null ? pairs : quick ? 2 : 6;
  }

  private int tryCount() {
    return tries != null ? tries : quick ? 1 : 2;
  }

  /** For the help text. */
  private static final class WorkloadNames extends ArrayList<String> {
    private static final long serialVersionUID = 1;

    WorkloadNames() {
      super(Workloads.ALL.stream().map(Workload::name).toList());
    }
  }
}
