package io.funes.bench.workload;

import io.funes.bench.machine.Meter;
import io.funes.bench.system.ClusterUnderTest;
import java.util.List;

/**
 * Three brokers with nothing to do.
 *
 * @param partitions that they have
 */
record IdleCluster(String name, int partitions) implements ClusterWorkload {
  @Override
  public String title() {
    return "idle, %,d partitions of three replicas".formatted(partitions);
  }

  @Override
  public List<Headline> headlines() {
    return List.of(
        Headline.time("cpu_percent", "processor of all brokers", "%"),
        Headline.time("broker_rss_mb", "resident memory of all", "MB"));
  }

  @Override
  public Figures run(ClusterUnderTest cluster, Pace pace) throws Exception {
    cluster.startBroker();
    cluster.createTopic("idle", partitions);
    Thread.sleep(pace.latencyWarmupSeconds() * 1_000L);
    Meter meter = new Meter(cluster.brokerPids());
    meter.start();
    Thread.sleep(pace.latencySeconds() * 1_000L);
    meter.stop();
    return new Figures()
        .put("cpu_percent", 100 * meter.brokerCpuSeconds() / meter.seconds())
        .putBrokers(cluster.brokerPids());
  }
}
