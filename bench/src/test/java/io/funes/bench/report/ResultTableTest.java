package io.funes.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.bench.system.Setting;
import io.funes.bench.workload.Workload;
import io.funes.bench.workload.Workloads;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultTableTest {
  private static final Workload PRODUCE = Workloads.named("produce-1k");
  private static final Workload LATENCY = Workloads.named("latency-5k");
  private static final String RATE = "warm_records_per_second";

  @Test
  void ratiosAreTakenWithinPairs() {
    Comparison comparison =
        comparison(
            PRODUCE, List.of(pair(RATE, 200, 100), pair(RATE, 300, 100), pair(RATE, 900, 100)));

    Spread ratio = comparison.ratio("funes", "kafka", PRODUCE.headlines().getFirst());

    assertThat(ratio).isEqualTo(new Spread(3, 2, 9));
  }

  @Test
  void aRatioAboveOneIsAGainForTimesToo() {
    Comparison comparison = comparison(LATENCY, List.of(pair("p99_ms", 2, 8)));

    Spread ratio = comparison.ratio("funes", "kafka", LATENCY.headlines().getFirst());

    assertThat(ratio.median()).isEqualTo(4);
  }

  @Test
  void losingRowsComeFirstTheWorstOnTop() {
    String table =
        ResultTable.of(
            List.of(
                comparison(PRODUCE, List.of(pair(RATE, 2e6, 1e6))),
                comparison(LATENCY, List.of(pair("p99_ms", 16, 8))),
                comparison(Workloads.named("produce-100"), List.of(pair(RATE, 9e6, 10e6)))));

    assertThat(table.lines().skip(2).map(line -> line.split(" \\| ", -1)[0]))
        .startsWith(
            "| end to end, 5,000 records/s of 1024 B: p99",
            "| produce 100 B: warm",
            "| produce 1024 B: warm");
    assertThat(table).contains("2.00 M records/s | 1.00 M records/s | **2.00** (2.00 – 2.00)");
  }

  @Test
  void aPairThatTheMachineDisturbedDoesNotCount() {
    Comparison comparison =
        comparison(
            PRODUCE,
            List.of(
                pair(RATE, 200, 100),
                pair(RATE, 200, 100),
                calibrated(pair(RATE, 900, 100), "funes", 1.2)));

    assertThat(comparison.quiet()).isTrue();
    assertThat(comparison.countedPairs()).isEqualTo(2);
    assertThat(comparison.figure("funes", RATE).max()).isEqualTo(200);
  }

  @Test
  void whereMostPairsWereDisturbedAllCountAndTheTableSaysSo() {
    Comparison comparison =
        comparison(PRODUCE, List.of(calibrated(pair(RATE, 900, 100), "funes", 1.2)));

    assertThat(comparison.quiet()).isFalse();
    assertThat(comparison.countedPairs()).isEqualTo(1);
    assertThat(ResultTable.of(List.of(comparison))).contains("1, not quiet");
  }

  @Test
  void aFailedRunLeavesAGap() {
    Map<String, Run> pair = pair(RATE, 200, 100);
    pair.remove("kafka");

    String table = ResultTable.of(List.of(comparison(PRODUCE, List.of(pair))));

    assertThat(table).contains("| produce 1024 B: warm | 200 records/s | – | – |");
  }

  private static Comparison comparison(Workload workload, List<Map<String, Run>> pairs) {
    return new Comparison(
        workload, Map.of("funes", Setting.DEFAULTS, "kafka", Setting.DEFAULTS), pairs);
  }

  private static Map<String, Run> pair(String key, double funes, double kafka) {
    Map<String, Run> pair = new LinkedHashMap<>();
    pair.put("kafka", run("kafka", key, kafka, 1));
    pair.put("funes", run("funes", key, funes, 1));
    return pair;
  }

  private static Map<String, Run> calibrated(Map<String, Run> pair, String system, double seconds) {
    pair.computeIfPresent(
        system, (_, run) -> new Run("", system, run.setting(), 1, seconds, run.outcome()));
    return pair;
  }

  private static Run run(String system, String key, double figure, double calibrationSeconds) {
    Run.Outcome outcome = new Run.Outcome("1", Map.of(key, figure), null);
    return new Run("", system, Setting.DEFAULTS, 1, calibrationSeconds, outcome);
  }
}
