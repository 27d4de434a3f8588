package io.funes.bench.workload;

import io.funes.bench.system.ClusterUnderTest;
import java.util.Set;

/** With three brokers. */
public sealed interface ClusterWorkload extends Workload
    permits CatchUp, ClusterProduce, Failover, IdleCluster, MetadataSize {
  @Override
  default Set<String> systems() {
    return Set.of("funes", "kafka");
  }

  /** Whether it cuts brokers off, which takes hosts of their own. */
  default boolean cutsLinks() {
    return false;
  }

  /** Runs it. Figures beside the headlines go to the results file only. */
  Figures run(ClusterUnderTest cluster, Pace pace) throws Exception;
}
