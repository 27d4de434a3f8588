package io.funes.bench.workload;

import io.funes.bench.system.ClusterUnderTest;
import java.util.List;

/**
 * As {@link Produce}, to three replicas.
 *
 * @param valueBytes size of the values
 */
record ClusterProduce(String name, int valueBytes) implements ClusterWorkload {
  @Override
  public String title() {
    return "produce " + valueBytes + " B to three replicas";
  }

  @Override
  public List<Headline> headlines() {
    return produce().headlines();
  }

  @Override
  public Figures run(ClusterUnderTest cluster, Pace pace) throws Exception {
    return produce().measure(cluster, pace);
  }

  private Produce produce() {
    return new Produce(name, valueBytes);
  }
}
