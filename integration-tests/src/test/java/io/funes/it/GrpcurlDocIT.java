package io.funes.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every command of docs/grpcurl.md works, and prints what stands there. */
final class GrpcurlDocIT {
  private static final String DEFAULT_ADDRESS = "127.0.0.1:1942";

  @Test
  void thePageIsTrue() {
    Path grpcurl = Grpcurl.path();
    try (BrokerProcess broker = BrokerProcess.fresh("grpcurl")) {
      ShellDocument page = ShellDocument.read(Path.of("../docs/grpcurl.md"));
      assertThat(page.steps()).hasSizeGreaterThan(15);
      page.run(command -> run(command.replace(DEFAULT_ADDRESS, broker.address()), grpcurl));
    }
  }

  private static String run(String command, Path grpcurl) {
    ProcessBuilder shell = new ProcessBuilder(List.of("bash", "-c", "exec 2>&1\n" + command));
    shell.environment().merge("PATH", grpcurl.getParent() + ":", (path, folder) -> folder + path);
    return Finished.run(shell).out();
  }
}
