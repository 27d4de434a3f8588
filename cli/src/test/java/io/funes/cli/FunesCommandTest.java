package io.funes.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.funes.cli.terminal.ExitCode;
import io.funes.cli.terminal.Invocation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FunesCommandTest {
  @Test
  void helpNamesCommandsAndExitCodesButNotTheHiddenOne() {
    CliRun run = CliRun.of("--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("Usage: funes COMMAND")
        .containsPattern("\n  start +Start a broker")
        .containsPattern("\n  consume +Print the records")
        .containsPattern("\n  bench +Measure Funes")
        .containsPattern("\n  proto-baseline +Accept the")
        .containsPattern("\n  5 +no answer in time")
        .doesNotContain("train");
    assertThat(run.err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "start",
        "topic",
        "topic create",
        "topic list",
        "topic describe",
        "topic alter",
        "topic delete",
        "produce",
        "consume",
        "cluster",
        "cluster describe",
        "cluster rebalance",
        "cluster drain",
        "cluster elect",
        "cluster remove",
        "log",
        "log dump",
        "bench",
        "test",
        "fix",
        "proto-baseline"
      })
  void everyCommandExplainsItselfWithinEightyColumns(String command) {
    CliRun run = CliRun.of((command + " --help").split(" "));

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("Usage: funes " + command).contains("-o, --output");
    assertThat(run.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bench --pairs 2", "test -Dtest=X", "fix", "proto-baseline"})
  void withoutTheLauncherTheCommandsOfTheSourceTreeSayWhereTheyWork(String command) {
    CliRun run = CliRun.of(command.split(" "));

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err())
        .isEqualTo(
            "funes: %1$s works on the source tree: in a clone of it, type ./funes %1$s\n"
                .formatted(command.replaceFirst(" .*", "")));
  }

  @Test
  void hintsAreTypedAsTheUserTypesThem() {
    CliRun run = new CliRun().environment("FUNES_COMMAND", "../funes").run("topic", "create");

    assertThat(run.err()).contains("'../funes topic create --help' explains it");
  }

  @Test
  void versionIsOneLine() {
    assertThat(CliRun.of("--version").out()).matches("funes .*\n");
  }

  @Test
  void noCommandIsAUsageErrorWithHelp() {
    CliRun run = CliRun.of();

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("Commands:");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void groupWithoutCommandShowsItsHelp() {
    CliRun run = CliRun.of("topic");

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("describe");
  }

  @Test
  void mistypedOptionNamesTheNearest() {
    CliRun run = CliRun.of("topic", "create", "t", "--partition", "3");

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err())
        .isEqualTo(
            "funes: unknown option '--partition': did you mean --partitions?; 'funes topic create"
                + " --help' explains it\n");
  }

  @Test
  void mistypedCommandNamesTheNearest() {
    CliRun run = CliRun.of("topik", "list");

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err())
        .isEqualTo(
            "funes: unknown command 'topik': did you mean topic?; 'funes --help' explains it\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "frobnicate|unknown command 'frobnicate'; 'funes",
        "topic frobnicate|unknown command 'frobnicate'; 'funes topic",
        "start --dta x|unknown option '--dta': did you mean --data?",
        "start extra|unknown argument 'extra'; 'funes start",
        "topic create t --partitions x|'--partitions': 'x' is not a whole number; 'funes topic",
        "topic list --timeout x|'--timeout': 'x' is not a number; 'funes topic list",
        "topic create t --config a|value for option '--config' (KEY=VALUE) should be",
        "produce t --partition -1|--partition must not be negative"
      })
  void wrongArgumentsAreToldInOneLine(String args, String message) {
    CliRun run = CliRun.of(args.split(" "));

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains(message).hasLineCount(1);
  }

  @Test
  void missingParameterIsNamed() {
    CliRun run = CliRun.of("topic", "create");

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("missing required parameter: 'NAME'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "topic create --wrong -o json",
        "-o json topic create",
        "topic create --output=json",
        "topic create t --partitions many -o json"
      })
  void usageErrorIsJsonWhenAskedForJson(String args) {
    CliRun run = CliRun.of(args.split(" "));

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err())
        .startsWith("{\"error\":{\"reason\":\"USAGE\",\"message\":\"")
        .endsWith("\"exit_code\":2}}\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1942", "localhost", "a b:1", "http://127.0.0.1:1942", "a:1,", "a:70000"})
  void addressThatIsNoneIsAUsageError(String server) {
    CliRun run = CliRun.of("topic", "list", "--server", server);

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("write HOST:PORT");
  }

  @Test
  void serverComesFromTheEnvironment() {
    CliRun run = new CliRun().environment("FUNES_SERVER", "nonsense").run("topic", "list");

    assertThat(run.err()).contains("\"nonsense\" is no server address");
  }

  @Test
  void unreachableBrokerIsToldAtOnceWithWhatToDo() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    String server = "127.0.0.1:" + free;

    CliRun text = CliRun.of("topic", "list", "--server", server);
    CliRun json = CliRun.of("topic", "list", "--server", server, "-o", "json");

    assertThat(text.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(text.err())
        .isEqualTo(
            "funes: no broker answers at %s (Connection refused): 'funes start' starts one,"
                    .formatted(server)
                + " --server names another\n");
    assertThat(CliRun.of("topic", "list", "--server", server + ",nohost.invalid:1").err())
        .contains(server + " (Connection refused), nohost.invalid:1 (there is no such host)")
        .hasLineCount(1);
    assertThat(json.err())
        .contains("\"reason\":\"BROKER_UNAVAILABLE\"")
        .contains("\"exit_code\":5");
  }

  @Test
  void alterWithoutAChangeIsAUsageError() {
    CliRun run = CliRun.of("topic", "alter", "t");

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("nothing to change");
  }

  @Test
  void outputThatNobodyReadsIsNoFailure() {
    assertThat(helpWithOutputThatFails("Broken pipe", new ByteArrayOutputStream()))
        .isEqualTo(ExitCode.OK);
  }

  @Test
  void outputThatIsLostIsAFailure() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();

    assertThat(helpWithOutputThatFails("No space left on device", err)).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString(UTF_8))
        .isEqualTo("funes: the output cannot be written: No space left on device\n");
  }

  private static int helpWithOutputThatFails(String why, OutputStream err) {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int single) throws IOException {
            throw new IOException(why);
          }
        };
    Invocation invocation =
        new Invocation(
            InputStream.nullInputStream(),
            closed,
            new PrintStream(err, true, UTF_8),
            Map.of(),
            new Invocation.Terminal(false, false, false));
    return FunesCommand.run(invocation, "--help");
  }
}
