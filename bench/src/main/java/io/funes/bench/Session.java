package io.funes.bench;

import io.funes.bench.machine.Calibration;
import io.funes.bench.machine.PageCache;
import io.funes.bench.report.Comparison;
import io.funes.bench.report.ResultsFile;
import io.funes.bench.report.Run;
import io.funes.bench.report.Spread;
import io.funes.bench.system.Setting;
import io.funes.bench.workload.Headline;
import io.funes.bench.workload.Settings;
import io.funes.bench.workload.Workload;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs workloads so that they can be compared: one process pair at a time, in the order A B B A,
 * each on fresh data.
 */
final class Session {
  private final WorkerProcess workers;
  private final Path folder;
  private final ResultsFile results;
  private final PrintStream progress;
  private final Calibration calibration = new Calibration();

  Session(WorkerProcess workers, Path folder, ResultsFile results, PrintStream progress) {
    this.workers = workers;
    this.folder = folder;
    this.results = results;
    this.progress = progress;
  }

  /** Chooses a setting for each system, then runs the pairs. */
  Comparison compare(Workload workload, List<String> systems, int pairs, int tries)
      throws IOException, InterruptedException {
    Map<String, Setting> settings = new LinkedHashMap<>();
    for (String system : systems) {
      settings.put(system, best(system, workload, tries));
    }
    List<Map<String, Run>> done = new ArrayList<>();
    for (int pair = 1; pair <= pairs; pair++) {
      Map<String, Run> runs = new LinkedHashMap<>();
      for (String system : order(systems, pair)) {
        Run run = run(system, workload, settings.get(system), pair);
        if (!run.outcome().failed()) {
          runs.put(system, run);
        }
      }
      done.add(runs);
    }
    return new Comparison(workload, settings, done);
  }

  /** Every second pair the other way round, so that a drift of the machine is no one's gain. */
  static List<String> order(List<String> systems, int pair) {
    List<String> order = new ArrayList<>(systems);
    if (pair % 2 == 0) {
      Collections.reverse(order);
    }
    return order;
  }

  private Setting best(String system, Workload workload, int tries)
      throws IOException, InterruptedException {
    List<Setting> settings = Settings.of(system, workload);
    if (settings.size() == 1) {
      return settings.getFirst();
    }
    Headline headline = workload.headlines().getFirst();
    Map<Setting, List<Double>> figures = new LinkedHashMap<>();
    for (int i = 0; i < tries; i++) {
      for (Setting setting : settings) {
        Run run = run(system, workload, setting, 0);
        if (!run.outcome().failed()) {
          figures.computeIfAbsent(setting, _ -> new ArrayList<>()).add(run.figure(headline.key()));
        }
      }
    }
    Comparator<Setting> byMedian =
        Comparator.comparingDouble(setting -> Spread.of(figures.get(setting)).median());
    return figures.keySet().stream()
        .max(headline.moreIsBetter() ? byMedian : byMedian.reversed())
        .orElse(Setting.DEFAULTS);
  }

  private Run run(String system, Workload workload, Setting setting, int pair)
      throws IOException, InterruptedException {
    deleteAll(folder);
    Files.createDirectories(folder);
    PageCache.settle();
    PageCache.touchFreeMemory();
    double calibrationSeconds = calibration.seconds();
    Run.Outcome outcome = workers.run(system, workload, setting);
    Run run = new Run(workload.name(), system, setting, pair, calibrationSeconds, outcome);
    results.add(run);
    progress.printf(
        "%-16s %-6s %-4s %s: %s%n",
        workload.name(),
        system,
        pair == 0 ? "try" : "#" + pair,
        setting.label(),
        said(workload, run));
    if (!outcome.failed()) {
      deleteAll(folder);
    }
    return run;
  }

  private static String said(Workload workload, Run run) {
    if (run.outcome().failed()) {
      return "FAILED\n" + run.outcome().failure();
    }
    List<String> figures = new ArrayList<>();
    for (Headline headline : workload.headlines()) {
      figures.add(
          String.format(
              "%s %,.2f %s", headline.label(), run.figure(headline.key()), headline.unit()));
    }
    return String.join(", ", figures);
  }

  private static void deleteAll(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
