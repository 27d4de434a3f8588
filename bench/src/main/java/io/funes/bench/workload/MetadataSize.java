package io.funes.bench.workload;

import io.funes.bench.system.ClusterUnderTest;
import java.util.List;

/**
 * Makes topics of 1,000 partitions with one replica each, stops a broker, and looks how large the
 * metadata is.
 *
 * @param topics how many
 */
record MetadataSize(String name, int topics) implements ClusterWorkload {
  private static final int PARTITIONS = 1_000;

  @Override
  public String title() {
    return "%,d partitions on three brokers".formatted(topics * PARTITIONS);
  }

  @Override
  public List<Headline> headlines() {
    return List.of(
        Headline.time("create_seconds", "create", "s"),
        Headline.time("snapshot_kb", "snapshot of the metadata", "kB"),
        Headline.time("broker_rss_mb", "resident memory of all", "MB"));
  }

  @Override
  public Figures run(ClusterUnderTest cluster, Pace pace) throws Exception {
    cluster.startBroker();
    cluster.createTopic("warm-up", 1, 1);
    long start = System.nanoTime();
    for (int i = 0; i < topics; i++) {
      cluster.createTopic("many-" + i, PARTITIONS, 1);
    }
    Figures figures =
        new Figures()
            .put("create_seconds", (System.nanoTime() - start) / 1e9)
            .putBrokers(cluster.brokerPids());
    // One is enough: each has all of it, and without a quorum Kafka's do not stop.
    cluster.broker(0).stop();
    return figures.put("snapshot_kb", cluster.snapshotBytes(0) / 1e3);
  }
}
