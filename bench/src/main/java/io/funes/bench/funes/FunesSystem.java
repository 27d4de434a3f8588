package io.funes.bench.funes;

import io.funes.bench.Installation;
import io.funes.bench.system.ClusterUnderTest;
import io.funes.bench.system.Hosts;
import io.funes.bench.system.LogSystem;
import io.funes.bench.system.LogUnderTest;
import io.funes.bench.system.Setting;
import java.nio.file.Path;

/** Settings with {@code broker.} before them are config keys of the broker. */
public final class FunesSystem implements LogSystem {
  @Override
  public String name() {
    return "funes";
  }

  @Override
  public LogUnderTest open(Setting setting, Path folder) {
    return new Funes(setting, folder, Installation.current());
  }

  @Override
  public ClusterUnderTest openCluster(Setting setting, Path folder, Hosts hosts) {
    return new FunesCluster(setting, folder, Installation.current(), hosts);
  }
}
