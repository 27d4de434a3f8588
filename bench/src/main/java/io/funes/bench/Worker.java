package io.funes.bench;

import io.funes.bench.machine.Namespaces;
import io.funes.bench.system.ClusterUnderTest;
import io.funes.bench.system.Hosts;
import io.funes.bench.system.LogSystem;
import io.funes.bench.system.LogUnderTest;
import io.funes.bench.system.Setting;
import io.funes.bench.workload.BrokerWorkload;
import io.funes.bench.workload.ClusterWorkload;
import io.funes.bench.workload.Figures;
import io.funes.bench.workload.Pace;
import io.funes.bench.workload.Workload;
import io.funes.bench.workload.Workloads;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * The client process of one run: a fresh JVM that holds one system's client, and starts its broker.
 *
 * <p>Arguments: system, workload, setting, empty folder, pace, file for the figures.
 */
public final class Worker {
  static final String VERSION = "version";

  private Worker() {}

  public static void main(String[] args) throws Exception {
    LogSystem system = LogSystem.named(args[0]);
    Workload workload = Workloads.named(args[1]);
    Setting setting = Setting.parse(args[2]);
    Pace pace = args[4].equals("quick") ? Pace.QUICK : Pace.FULL;
    Path data = Path.of(args[3]);
    Path figures = Path.of(args[5]);
    switch (workload) {
      case BrokerWorkload one -> {
        try (LogUnderTest log = system.open(setting, data)) {
          write(one.run(log, pace), log.version(), figures);
        }
      }
      case ClusterWorkload three -> {
        try (Hosts hosts = hosts(three);
            ClusterUnderTest cluster = system.openCluster(setting, data, hosts)) {
          write(three.run(cluster, pace), cluster.version(), figures);
        }
      }
    }
    // A client's thread must not keep the process.
    System.exit(0);
  }

  private static Hosts hosts(ClusterWorkload workload) {
    return workload.cutsLinks() ? Namespaces.of(ClusterUnderTest.BROKERS) : Hosts.LOOPBACK;
  }

  private static void write(Figures figures, String version, Path file) throws Exception {
    Properties properties = new Properties();
    figures.asMap().forEach((key, value) -> properties.setProperty(key, value.toString()));
    properties.setProperty(VERSION, version);
    try (Writer out = Files.newBufferedWriter(file)) {
      properties.store(out, null);
    }
  }
}
