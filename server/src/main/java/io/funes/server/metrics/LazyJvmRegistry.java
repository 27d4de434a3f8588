package io.funes.server.metrics;

import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.registry.PrometheusScrapeRequest;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.function.Predicate;

/**
 * Adds the JVM's metrics at the first scrape: their beans take long to load, and start-up is timed.
 */
final class LazyJvmRegistry extends PrometheusRegistry {
  private boolean complete;

  @Override
  public MetricSnapshots scrape() {
    complete();
    return super.scrape();
  }

  @Override
  public MetricSnapshots scrape(PrometheusScrapeRequest request) {
    complete();
    return super.scrape(request);
  }

  @Override
  public MetricSnapshots scrape(Predicate<String> included) {
    complete();
    return super.scrape(included);
  }

  @Override
  public MetricSnapshots scrape(Predicate<String> included, PrometheusScrapeRequest request) {
    complete();
    return super.scrape(included, request);
  }

  private synchronized void complete() {
    if (!complete) {
      complete = true;
      JvmMetrics.builder().register(this);
    }
  }
}
