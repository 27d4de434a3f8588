package io.funes.it;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every command of docs/walk-through.md works, and prints what stands there. */
final class WalkThroughDocIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @Test
  void thePageIsTrue() {
    Path grpcurl = Grpcurl.path();
    try (BrokerProcess broker = BrokerProcess.fresh("walk-through")) {
      ShellDocument.read(ROOT.resolve("docs/walk-through.md"))
          .run(command -> run(command, broker, grpcurl));
    }
  }

  /** As a user would, but for the launcher: it would build what is being tested. */
  private static String run(String command, BrokerProcess broker, Path grpcurl) {
    String launcher =
        FunesCommandLine.of().stream()
            .map(word -> "'" + word + "'")
            .collect(Collectors.joining(" ", "funes() { ", " \"$@\"; }\n"));
    String script =
        command
            .replace("./funes", "funes")
            .replace("/tmp/out", broker.data().resolveSibling("out").toString())
            .replace("127.0.0.1:1942", broker.address());
    ProcessBuilder shell =
        new ProcessBuilder(List.of("bash", "-c", "exec 2>&1\n" + launcher + script))
            .directory(ROOT.toFile());
    shell.environment().put("FUNES_SERVER", broker.address());
    shell.environment().merge("PATH", grpcurl.getParent() + ":", (path, folder) -> folder + path);
    return Finished.run(shell).out();
  }
}
