package io.funes.server.metrics;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Metrics as Prometheus reads them. Each instance has its own registry, so brokers in one process
 * do not meet.
 */
public final class PrometheusMetrics implements Metrics {
  private static final Pattern NAME = Pattern.compile("funes(_[a-z0-9]+)+");
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double[] SECONDS = {
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
  };
  private static final double[] AMOUNTS = powersOfFour(13);

  private final PrometheusRegistry registry = new LazyJvmRegistry();
  private final Map<String, Family<?>> families = new ConcurrentHashMap<>();

  @Override
  public Counter counter(String name, String help, Label... labels) {
    if (!name.endsWith("_total")) {
      throw new IllegalArgumentException("counter " + name + " does not end in _total");
    }
    var counter =
        family(
            name,
            labels,
            names ->
                io.prometheus.metrics.core.metrics.Counter.builder()
                    .name(name)
                    .help(help)
                    .labelNames(names)
                    .withoutExemplars()
                    .build(),
            io.prometheus.metrics.core.metrics.Counter.class);
    var point = counter.labelValues(values(labels));
    return point::inc;
  }

  @Override
  public Timer timer(String name, String help, Label... labels) {
    if (!name.endsWith("_seconds")) {
      throw new IllegalArgumentException("timer " + name + " does not end in _seconds");
    }
    var point = histogram(name, help, SECONDS, labels).labelValues(values(labels));
    return nanos -> point.observe(nanos / NANOS_PER_SECOND);
  }

  @Override
  public Distribution distribution(String name, String help, Label... labels) {
    var point = histogram(name, help, AMOUNTS, labels).labelValues(values(labels));
    return point::observe;
  }

  @Override
  public void gauge(String name, String help, DoubleSupplier value, Label... labels) {
    family(name, labels, names -> new Gauges(name, help, names), Gauges.class)
        .readers
        .add(new Reader(value, List.of(values(labels))));
  }

  /** Answers {@code GET /metrics} there until closed. Port 0 takes a free one. */
  public MetricsServer serve(InetSocketAddress address) throws IOException {
    return MetricsServer.start(registry, address);
  }

  private Histogram histogram(String name, String help, double[] bounds, Label... labels) {
    return family(
        name,
        labels,
        names ->
            Histogram.builder()
                .name(name)
                .help(help)
                .labelNames(names)
                .classicOnly()
                .classicUpperBounds(bounds)
                .withoutExemplars()
                .build(),
        Histogram.class);
  }

  private <C extends Collector> C family(
      String name, Label[] labels, Function<String[], C> make, Class<C> type) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("metric " + name + " is not named " + NAME);
    }
    List<String> names = Arrays.stream(labels).map(Label::name).toList();
    Family<?> family =
        families.computeIfAbsent(
            name,
            key -> {
              C made = make.apply(names.toArray(String[]::new));
              registry.register(made);
              return new Family<>(made, names);
            });
    if (!type.isInstance(family.collector) || !names.equals(family.labelNames)) {
      throw new IllegalArgumentException(
          "metric %s is already a %s with labels %s"
              .formatted(name, family.collector.getClass().getSimpleName(), family.labelNames));
    }
    return type.cast(family.collector);
  }

  private static String[] values(Label... labels) {
    return Arrays.stream(labels).map(Label::value).toArray(String[]::new);
  }

  private static double[] powersOfFour(int count) {
    double[] bounds = new double[count];
    Arrays.setAll(bounds, i -> Math.pow(4, i));
    return bounds;
  }

  /** All metrics of one name. */
  private record Family<C extends Collector>(C collector, List<String> labelNames) {}

  private record Reader(DoubleSupplier value, List<String> labelValues) {
    double read() {
      return value.getAsDouble();
    }

    String[] labels() {
      return labelValues.toArray(String[]::new);
    }
  }

  /** The gauges of one name. */
  private static final class Gauges implements Collector {
    final List<Reader> readers = new CopyOnWriteArrayList<>();
    private final GaugeWithCallback gauge;

    Gauges(String name, String help, String[] labelNames) {
      gauge =
          GaugeWithCallback.builder()
              .name(name)
              .help(help)
              .labelNames(labelNames)
              .callback(
                  point -> readers.forEach(reader -> point.call(reader.read(), reader.labels())))
              .build();
    }

    @Override
    public io.prometheus.metrics.model.snapshots.MetricSnapshot collect() {
      return gauge.collect();
    }

    @Override
    public String getPrometheusName() {
      return gauge.getPrometheusName();
    }
  }
}
