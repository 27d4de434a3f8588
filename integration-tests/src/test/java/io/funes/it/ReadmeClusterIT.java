package io.funes.it;

import static java.lang.ProcessBuilder.Redirect.appendTo;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** README's "A cluster in three commands", as it stands there but for the ports. */
final class ReadmeClusterIT {
  private static final Path README = Path.of("..", "README.md");
  private static final Pattern PORT = Pattern.compile("127\\.0\\.0\\.1:19(\\d\\d)");

  private static final Pattern BLOCK = Pattern.compile("```\n(.*?)```", Pattern.DOTALL);
  private static final Pattern ECHO = Pattern.compile("echo \"(.*)\" \\| (.*)");

  /** Of three brokers, for clients, metrics and brokers; the first is 1942 in the README. */
  private static final int[] OTHER_PORTS = {1, 2, 10, 11, 12, 20, 21, 22};

  private final Path folder = BrokerProcess.emptyFolder("readme");
  private final List<Process> brokers = new ArrayList<>();
  private final int port = BrokerProcess.freePort(OTHER_PORTS);

  @AfterEach
  void stop() throws InterruptedException {
    for (Process broker : brokers) {
      broker.destroyForcibly().waitFor();
    }
  }

  @Test
  void threeCommandsMakeAClusterThatLosesABrokerAndGoesOn() throws Exception {
    List<List<String>> blocks = blocks();
    assertThat(blocks).hasSize(3);
    for (String command : blocks.get(0)) {
      Path log = folder.resolve("broker-%d.log".formatted(brokers.size()));
      brokers.add(process(command).redirectError(appendTo(log.toFile())).start());
      assertThat(BrokerProcess.firstLine(brokers.getLast()))
          .as("ready; its log is %s", log)
          .startsWith("funes ready on 127.0.0.1:")
          .contains(", for brokers 127.0.0.1:");
    }
    assertThat(brokers).hasSize(3);

    assertThat(run(blocks.get(1).get(0)))
        .isEqualTo("created topic orders (1 partition, 3 replicas, min.insync.replicas=2)\n");
    run(blocks.get(1).get(1));
    brokers.getFirst().destroyForcibly().waitFor();
    run(blocks.get(2).get(0));

    assertThat(run(blocks.get(2).get(1))).isEqualTo("order 1\norder 2\n");
  }

  /** Its blocks of commands. */
  private static List<List<String>> blocks() throws IOException {
    String section = Files.readString(README).split("## A cluster in three commands\n", 2)[1];
    return BLOCK
        .matcher(section.split("\n## ", 2)[0])
        .results()
        .map(block -> block.group(1).lines().toList())
        .toList();
  }

  /** Runs a command, with what is echoed into it, and returns what it prints. */
  private String run(String line) throws IOException {
    Matcher echo = ECHO.matcher(line);
    Path in = Files.createTempFile(folder, "in", ".txt");
    Files.writeString(in, echo.matches() ? echo.group(1) + "\n" : "");
    String command = echo.matches() ? echo.group(2) : line;
    return Finished.run(process(command).redirectInput(in.toFile())).succeeded().out();
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
