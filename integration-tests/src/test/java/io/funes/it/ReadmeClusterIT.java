package io.funes.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** README's "A cluster in three commands", as it stands there but for the ports. */
final class ReadmeClusterIT {
  private static final Path README = Path.of("..", "README.md");
  private static final Pattern PORT = Pattern.compile("127\\.0\\.0\\.1:19(\\d\\d)");

  @TempDir private Path folder;

  private final List<Process> brokers = new ArrayList<>();
  private final int port = BrokerProcess.freePort();

  @AfterEach
  void stop() throws InterruptedException {
    for (Process broker : brokers) {
      broker.destroyForcibly().waitFor();
    }
  }

  @Test
  void threeCommandsMakeAClusterThatKeepsThreeReplicas() throws IOException {
    for (String command : commands()) {
      ProcessBuilder process = process(command);
      if (command.startsWith("./funes start")) {
        brokers.add(process.redirectError(folder.resolve("log").toFile()).start());
        BufferedReader out = brokers.getLast().inputReader(UTF_8);
        assertThat(out.readLine()).startsWith("funes ready on 127.0.0.1:");
      } else {
        assertThat(Finished.run(process).succeeded().out())
            .isEqualTo("created topic orders (1 partition, 3 replicas, min.insync.replicas=2)\n");
      }
    }
    assertThat(brokers).hasSize(3);
  }

  private static List<String> commands() throws IOException {
    String section = Files.readString(README).split("## A cluster in three commands\n", 2)[1];
    return section.split("\n## ", 2)[0].lines().filter(line -> line.startsWith("./")).toList();
  }

  private ProcessBuilder process(String command) {
    String elsewhere =
        PORT.matcher(command).replaceAll(match -> address(Integer.parseInt(match.group(1))));
    String[] words = elsewhere.replace("./funes ", "").split(" ");
    ProcessBuilder process =
        new ProcessBuilder(FunesCommandLine.of(words)).directory(folder.toFile());
    process.environment().put("FUNES_LISTEN", address(42));
    process.environment().put("FUNES_SERVER", address(42));
    return process;
  }

  /** What stands for 127.0.0.1:19xx here. */
  private String address(int lastDigits) {
    return "127.0.0.1:" + (port + lastDigits - 42);
  }
}
