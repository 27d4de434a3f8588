package io.funes.bench.report;

import java.util.Arrays;
import java.util.Collection;

/** Median and extremes of some numbers. All NaN where there are none. */
public record Spread(double median, double min, double max) {
  public static Spread of(Collection<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    if (sorted.length == 0) {
      return new Spread(Double.NaN, Double.NaN, Double.NaN);
    }
    double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }

  public boolean isEmpty() {
    return Double.isNaN(median);
  }
}
