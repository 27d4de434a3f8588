package io.funes.bench.workload;

import io.funes.bench.system.ClusterUnderTest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Three partitions, each with a producer of its own. A broker fails and comes back, again and
 * again; what counts each time is the longest time without an acknowledgement on the partition that
 * waits longest. The next fault comes when all replicas are in sync.
 */
record Failover(String name, Fault fault) implements ClusterWorkload {
  private static final String TOPIC = "failing";
  private static final int PARTITIONS = 3;
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(3);

  /** Acknowledged on each partition, it works. More than can be under way when a fault comes. */
  private static final int RECORDS_TO_TRUST = 500;

  /** Something to wait for. */
  private interface Condition {
    boolean holds() throws Exception;
  }

  @Override
  public String title() {
    return "no acknowledgement while " + fault.title();
  }

  @Override
  public boolean cutsLinks() {
    return fault == Fault.LEADER_CUT_OFF;
  }

  @Override
  public List<Headline> headlines() {
    return List.of(
        Headline.time("p50_ms", "p50", "ms"),
        Headline.time("p99_ms", "p99", "ms"),
        Headline.time("max_ms", "max", "ms"));
  }

  @Override
  public Figures run(ClusterUnderTest cluster, Pace pace) throws Exception {
    cluster.startBroker();
    cluster.createTopic(TOPIC, PARTITIONS);
    List<SteadySending> all = new ArrayList<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      all.add(new SteadySending(cluster, TOPIC, partition));
    }
    Histogram gaps = new Histogram(3);
    Figures each = new Figures();
    // The first one warms up.
    for (int i = 0; i <= pace.faults(); i++) {
      long gap = gapNanos(cluster, all, i);
      if (i > 0) {
        gaps.recordValue(gap);
        each.put("gap_%02d_ms".formatted(i), gap / 1e6);
      }
    }
    for (SteadySending sending : all) {
      sending.end();
    }
    return new Figures().putLatency(gaps).put("faults", pace.faults()).putAll(each);
  }

  private long gapNanos(ClusterUnderTest cluster, List<SteadySending> all, int times)
      throws Exception {
    all.forEach(sending -> sending.times().begin());
    awaitRecords(all);
    int victim = fault.victim(cluster, TOPIC, times);
    all.forEach(sending -> sending.times().begin());
    fault.strike(cluster, victim);
    awaitRecords(all);
    fault.mend(cluster, victim);
    await("all replicas in sync", () -> cluster.allInSync(TOPIC));
    return all.stream().mapToLong(sending -> sending.times().longestNanos()).max().orElseThrow();
  }

  private static void awaitRecords(List<SteadySending> all) throws Exception {
    await(
        "records on all partitions",
        () -> all.stream().allMatch(sending -> sending.times().count() >= RECORDS_TO_TRUST));
  }

  private static void await(String what, Condition condition) throws Exception {
    long start = System.nanoTime();
    while (!condition.holds()) {
      if (System.nanoTime() - start > LIMIT_NANOS) {
        throw new IllegalStateException("waited for " + what + " in vain");
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }
}
