package io.funes.bench.workload;

import java.util.List;

/** All workloads. */
public final class Workloads {
  public static final List<Workload> ALL =
      List.of(
          new Produce("produce-1k", 1024),
          new Produce("produce-100", 100),
          new Consume("consume-1k", 1024),
          new Consume("consume-100", 100),
          new Latency("latency-5k", 5_000),
          new Latency("latency-20k", 20_000),
          new UnaryProduce("unary-1", 1),
          new UnaryProduce("unary-64", 64),
          new ManyPartitions("partitions-1000", 1_000),
          new Startup("startup"),
          new ClusterProduce("cluster-produce-1k", 1024),
          new ClusterProduce("cluster-produce-100", 100),
          new Failover("cluster-failover-leader", Fault.LEADER_KILLED),
          new Failover("cluster-failover-controller", Fault.CONTROLLER_KILLED),
          new Failover("cluster-failover-pause", Fault.LEADER_PAUSED),
          new Failover("cluster-failover-cut", Fault.LEADER_CUT_OFF),
          new Failover("cluster-failover-restart", Fault.RESTARTED),
          new CatchUp("cluster-catchup"),
          new IdleCluster("cluster-idle", 1_000),
          new MetadataSize("metadata-10k", 10));

  private Workloads() {}

  /** The workload of this name. */
  public static Workload named(String name) {
    return ALL.stream()
        .filter(workload -> workload.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no workload named " + name));
  }
}
