package io.funes.bench.workload;

/**
 * A figure that goes into the report.
 *
 * @param key its key in {@link Figures}
 * @param label what the report says after the workload's title; may be empty
 * @param unit for example {@code records/s}
 * @param moreIsBetter false for times
 */
public record Headline(String key, String label, String unit, boolean moreIsBetter) {
  static Headline rate(String key, String label, String unit) {
    return new Headline(key, label, unit, true);
  }

  static Headline time(String key, String label, String unit) {
    return new Headline(key, label, unit, false);
  }
}
