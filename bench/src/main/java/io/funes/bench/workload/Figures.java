package io.funes.bench.workload;

import io.funes.bench.machine.Meter;
import io.funes.bench.machine.ProcessUsage;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What a run measured, by key. */
public final class Figures {
  public static final String CLIENT_CPU = "client_cpu_seconds_per_million";
  public static final String BROKER_CPU = "broker_cpu_seconds_per_million";

  private final Map<String, Double> values = new LinkedHashMap<>();

  public Figures put(String key, double value) {
    values.put(key, value);
    return this;
  }

  Figures putAll(Figures others) {
    values.putAll(others.values);
    return this;
  }

  /** A rate and what it cost. */
  Figures putRate(String key, long records, Meter meter) {
    double millions = records / 1e6;
    return put(key, records / meter.seconds())
        .put("records", (double) records)
        .put("seconds", meter.seconds())
        .put(CLIENT_CPU, meter.clientCpuSeconds() / millions)
        .put(BROKER_CPU, meter.brokerCpuSeconds() / millions)
        .put("client_gc_ms", (double) meter.collectionMs());
  }

  /** Percentiles in milliseconds of a histogram in nanoseconds. */
  Figures putLatency(Histogram nanos) {
    return put("p50_ms", nanos.getValueAtPercentile(50) / 1e6)
        .put("p99_ms", nanos.getValueAtPercentile(99) / 1e6)
        .put("p999_ms", nanos.getValueAtPercentile(99.9) / 1e6)
        .put("max_ms", nanos.getMaxValue() / 1e6);
  }

  /** Of all brokers together. */
  Figures putBrokers(List<Long> pids) {
    List<ProcessUsage> brokers = pids.stream().map(ProcessUsage::new).toList();
    return put("broker_rss_mb", brokers.stream().mapToDouble(ProcessUsage::residentMegabytes).sum())
        .put("broker_disk_mb", brokers.stream().mapToDouble(ProcessUsage::diskMegabytes).sum());
  }

  public Map<String, Double> asMap() {
    return Collections.unmodifiableMap(values);
  }
}
