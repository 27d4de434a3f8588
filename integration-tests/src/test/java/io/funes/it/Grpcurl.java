package io.funes.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;

/** Where grpcurl is. In CI it has to be there; elsewhere a test that needs it is skipped. */
final class Grpcurl {
  private Grpcurl() {}

  static Path path() {
    Finished found = Finished.run(List.of("../build-tools/grpcurl"));
    assumeTrue(
        found.exitCode() == 0 || "true".equals(System.getenv("CI")), "skipped: " + found.err());
    return Path.of(found.succeeded().out().strip());
  }
}
