package io.funes.bench.system;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * One of the systems that are compared, found by name through the ServiceLoader.
 *
 * <p>Implementations load none of their system's classes before {@link #open}: a client process has
 * only the jars of the system it runs.
 */
public interface LogSystem {
  /** As it is named on the command line. */
  String name();

  /** A stopped broker with its data in {@code folder}. */
  LogUnderTest open(Setting setting, Path folder) throws IOException;

  /** Three stopped brokers of one cluster, with their data in {@code folder}. */
  default ClusterUnderTest openCluster(Setting setting, Path folder, Hosts hosts)
      throws IOException {
    throw new UnsupportedOperationException(name() + " has no clusters");
  }

  /** The system of this name. */
  static LogSystem named(String name) {
    return ServiceLoader.load(LogSystem.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(system -> system.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new ServiceConfigurationError("no system named " + name));
  }
}
