package io.funes.server.metrics;

import java.util.function.DoubleSupplier;

/** For tests and for a broker that is told to listen for no scrapes. */
enum NoMetrics implements Metrics {
  INSTANCE;

  @Override
  public Counter counter(String name, String help, Label... labels) {
    return amount -> {};
  }

  @Override
  public Timer timer(String name, String help, Label... labels) {
    return nanos -> {};
  }

  @Override
  public Distribution distribution(String name, String help, Label... labels) {
    return amount -> {};
  }

  @Override
  public void gauge(String name, String help, DoubleSupplier value, Label... labels) {}
}
