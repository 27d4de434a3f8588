package io.funes.bench.report;

import io.funes.bench.system.Setting;
import java.util.Map;

/**
 * One run of one system.
 *
 * @param pair number of its pair, from 1; 0 where it was to choose a setting
 * @param calibrationSeconds what a fixed piece of work took just before: more when others were at
 *     the processors
 */
public record Run(
    String workload,
    String system,
    Setting setting,
    int pair,
    double calibrationSeconds,
    Outcome outcome) {

  /**
   * What came of it.
   *
   * @param version of the system
   * @param figures empty where it failed
   * @param failure null where it did not
   */
  public record Outcome(String version, Map<String, Double> figures, String failure) {
    public boolean failed() {
      return failure != null;
    }
  }

  public double figure(String key) {
    return outcome.figures().getOrDefault(key, Double.NaN);
  }
}
