package io.funes.bench.machine;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * Adds up time and processor time over the measured stretches of a run; what lies between them does
 * not count.
 */
public final class Meter {
  private final ProcessUsage client = ProcessUsage.ofThisProcess();
  private final List<ProcessUsage> brokers;
  private long startNanos;
  private double clientStart;
  private double brokerStart;
  private long collectionStart;

  private double seconds;
  private double clientCpuSeconds;
  private double brokerCpuSeconds;
  private long collectionMs;

  public Meter(List<Long> brokerPids) {
    brokers = brokerPids.stream().map(ProcessUsage::new).toList();
  }

  public void start() {
    clientStart = client.cpuSeconds();
    brokerStart = brokerCpuSecondsNow();
    collectionStart = collectionMsNow();
    startNanos = System.nanoTime();
  }

  public void stop() {
    seconds += (System.nanoTime() - startNanos) / 1e9;
    clientCpuSeconds += client.cpuSeconds() - clientStart;
    brokerCpuSeconds += brokerCpuSecondsNow() - brokerStart;
    collectionMs += collectionMsNow() - collectionStart;
  }

  public double seconds() {
    return seconds;
  }

  public double clientCpuSeconds() {
    return clientCpuSeconds;
  }

  public double brokerCpuSeconds() {
    return brokerCpuSeconds;
  }

  /** Garbage collection in the client. */
  public long collectionMs() {
    return collectionMs;
  }

  private double brokerCpuSecondsNow() {
    return brokers.stream().mapToDouble(ProcessUsage::cpuSeconds).sum();
  }

  private static long collectionMsNow() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
        .sum();
  }
}
