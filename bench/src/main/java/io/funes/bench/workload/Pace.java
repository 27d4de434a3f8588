package io.funes.bench.workload;

/**
 * How long to warm up and to measure.
 *
 * @param throughputWarmupSeconds time under load that does not count; a fresh JVM needs some
 *     seconds
 * @param throughputSeconds measured time under load, at least
 * @param latencyWarmupSeconds the same for open-loop load
 * @param latencySeconds measured time of open-loop load
 * @param starts broker starts that count
 * @param faults that count, in a workload of failures
 */
public record Pace(
    double throughputWarmupSeconds,
    double throughputSeconds,
    int latencyWarmupSeconds,
    int latencySeconds,
    int starts,
    int faults) {
  public static final Pace FULL = new Pace(10, 8, 10, 30, 4, 20);
  public static final Pace QUICK = new Pace(6, 3, 4, 8, 2, 3);
}
