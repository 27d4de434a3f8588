package io.funes.bench.report;

import io.funes.bench.system.Setting;
import io.funes.bench.workload.Headline;
import io.funes.bench.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The paired runs of one workload.
 *
 * @param settings the one chosen for each system
 * @param pairs runs by system, one map for each pair; a failed run is not there
 */
public record Comparison(
    Workload workload, Map<String, Setting> settings, List<Map<String, Run>> pairs) {
  /**
   * A pair whose calibrations differ by more says more about the machine than about the systems.
   */
  private static final double CALIBRATION_RATIO_MAX = 1.10;

  /** All figures of a system in the pairs that count. */
  public Spread figure(String system, String key) {
    return Spread.of(
        counted().stream()
            .map(pair -> pair.get(system))
            .filter(run -> run != null)
            .map(run -> run.figure(key))
            .filter(value -> !Double.isNaN(value))
            .toList());
  }

  /** Ratios within each pair; above 1 where {@code subject} is better. */
  public Spread ratio(String subject, String other, Headline headline) {
    List<Double> ratios = new ArrayList<>();
    for (Map<String, Run> pair : counted()) {
      if (pair.containsKey(subject) && pair.containsKey(other)) {
        double mine = pair.get(subject).figure(headline.key());
        double theirs = pair.get(other).figure(headline.key());
        ratios.add(headline.moreIsBetter() ? mine / theirs : theirs / mine);
      }
    }
    return Spread.of(ratios);
  }

  /** How many pairs count. */
  public int countedPairs() {
    return counted().size();
  }

  /** False where most pairs were disturbed: then all of them count. */
  public boolean quiet() {
    return quietPairs().size() * 2 >= pairs.size();
  }

  public Optional<String> version(String system) {
    return pairs.stream()
        .map(pair -> pair.get(system))
        .filter(run -> run != null)
        .map(run -> run.outcome().version())
        .findFirst();
  }

  private List<Map<String, Run>> counted() {
    return quiet() ? quietPairs() : pairs;
  }

  private List<Map<String, Run>> quietPairs() {
    Predicate<Map<String, Run>> quiet =
        pair -> {
          Spread calibration =
              Spread.of(pair.values().stream().map(Run::calibrationSeconds).toList());
          return calibration.isEmpty()
              || calibration.max() / calibration.min() <= CALIBRATION_RATIO_MAX;
        };
    return pairs.stream().filter(quiet).collect(Collectors.toList());
  }
}
