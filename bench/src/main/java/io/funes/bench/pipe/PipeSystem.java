package io.funes.bench.pipe;

import io.funes.bench.system.LogSystem;
import io.funes.bench.system.LogUnderTest;
import io.funes.bench.system.Setting;
import java.nio.file.Path;

/** Setting {@code zero-copy=true}: received buffers are used as they are. */
public final class PipeSystem implements LogSystem {
  @Override
  public String name() {
    return "pipe";
  }

  @Override
  public LogUnderTest open(Setting setting, Path folder) {
    return new Pipe(setting, folder);
  }
}
