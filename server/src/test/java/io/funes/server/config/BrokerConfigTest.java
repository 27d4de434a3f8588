package io.funes.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerConfigTest {
  @TempDir Path folder;

  @Test
  void defaultsServeThisMachineOnly() {
    BrokerConfig config = BrokerConfig.of(Map.of());

    assertThat(config.dataFolder()).isEqualTo(Path.of("funes-data").toAbsolutePath());
    assertThat(config.network().listen()).hasToString("127.0.0.1:1942");
    assertThat(config.network().listen().loopback()).isTrue();
    assertThat(config.network().metricsListen().orElseThrow()).hasToString("127.0.0.1:1943");
    assertThat(config.network().batchBytesMax()).isEqualTo(3_670_016);
    assertThat(config.topics().partitionsDefault()).isEqualTo(1);
    assertThat(config.topics().configDefaults()).isEmpty();
    assertThat(config.storage().diskFreeBytesMin()).isEqualTo(256L << 20);
    assertThat(config.logging().level()).isEqualTo(LoggingConfig.Level.INFO);
  }

  @Test
  void everyDefaultIsLegal() {
    assertThat(ConfigKeys.ALL)
        .allSatisfy(key -> assertThat(key.type().parse(key.defaultText())).isPresent());
  }

  @Test
  void flagWinsOverEnvironmentAndEnvironmentOverFile() throws IOException {
    Path file = write("node.id = 1", "read.threads = 1", "network.threads = 1");

    BrokerConfig config =
        new ConfigSources()
            .flag("--set", "node.id", "3")
            .environment(Map.of("FUNES_NODE_ID", "2", "FUNES_READ_THREADS", "2"))
            .file(file)
            .load();

    assertThat(config.cluster().nodeId()).hasValue(3);
    assertThat(config.network().readThreads()).isEqualTo(2);
    assertThat(config.network().networkThreads()).isEqualTo(1);
  }

  @Test
  void fileMayHaveCommentsAndEmptyLines() throws IOException {
    Path file =
        write("# the broker", "", "  rack = a b=c  # where it stands", "log.format=json", "#x=1");

    BrokerConfig config = new ConfigSources().file(file).load();

    assertThat(config.cluster().rack()).isEqualTo("a b=c");
    assertThat(config.logging().format()).isEqualTo(LoggingConfig.Format.JSON);
  }

  @Test
  void unknownKeyNamesLineAndNearestKey() throws IOException {
    Path file = write("# mine", "lisen = 127.0.0.1:1");

    assertThatThrownBy(() -> new ConfigSources().file(file).load())
        .isInstanceOf(ConfigException.class)
        .hasMessage(file + " line 2: unknown key \"lisen\": did you mean listen?");
  }

  @Test
  void unknownKeyLikeNoneNamesTheDocument() {
    assertThatThrownBy(() -> BrokerConfig.of(Map.of("zookeeper.connect", "x")))
        .hasMessageContaining("unknown key \"zookeeper.connect\"; docs/configuration.md");
  }

  @Test
  void badValueNamesLineKeyValueAndWhatIsLegal() throws IOException {
    Path file = write("network.threads = many");

    assertThatThrownBy(() -> new ConfigSources().file(file).load())
        .hasMessage(
            file
                + " line 1: network.threads = \"many\" is not valid: it must be a whole number from 1 to"
                + " 256");
  }

  @Test
  void badEnvironmentValueNamesTheVariable() {
    assertThatThrownBy(
            () -> new ConfigSources().environment(Map.of("FUNES_LOG_LEVEL", "loud")).load())
        .hasMessage(
            "environment variable FUNES_LOG_LEVEL: log.level = \"loud\" is not valid: it must be"
                + " one of error | warn | info | debug | trace");
  }

  @Test
  void keySetTwiceInAFileIsRefused() throws IOException {
    Path file = write("node.id = 1", "node.id = 1");

    assertThatThrownBy(() -> new ConfigSources().file(file))
        .hasMessage(file + " line 2: \"node.id\" is set already in " + file + " line 1");
  }

  @Test
  void lineWithoutEqualsSignIsRefused() throws IOException {
    Path file = write("node.id 1");

    assertThatThrownBy(() -> new ConfigSources().file(file))
        .hasMessage(file + " line 1: \"node.id 1\" is not \"key = value\"");
  }

  @Test
  void fileThatCannotBeReadIsNamed() throws IOException {
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xc3, 0x28});

    assertThatThrownBy(() -> new ConfigSources().file(folder.resolve("none.conf")))
        .hasMessageStartingWith(
            "config file " + folder.resolve("none.conf") + " does not exist: check --config");
    assertThatThrownBy(() -> new ConfigSources().file(binary)).hasMessageContaining("UTF-8");
    assertThatThrownBy(() -> new ConfigSources().file(folder))
        .hasMessageContaining("is a folder: give a file");
  }

  @Test
  void topicDefaultsComeFromFileAndEnvironment() throws IOException {
    Path file = write("topic.default.retention.ms = 1000", "topic.default.segment.bytes = 4194304");

    BrokerConfig config =
        new ConfigSources()
            .file(file)
            .environment(Map.of("FUNES_TOPIC_DEFAULT_RETENTION_MS", "2000"))
            .load();

    assertThat(config.topics().configDefaults())
        .containsOnly(Map.entry("retention.ms", "2000"), Map.entry("segment.bytes", "4194304"));
  }

  @Test
  void unknownTopicDefaultNamesTheNearest() {
    assertThatThrownBy(() -> BrokerConfig.of(Map.of("topic.default.retention.msec", "1")))
        .hasMessage(
            "given: unknown key \"topic.default.retention.msec\": did you mean"
                + " topic.default.retention.ms?");
  }

  @Test
  void badTopicDefaultSaysWhatIsLegal() throws IOException {
    Path file = write("topic.default.flush = always");

    assertThatThrownBy(() -> new ConfigSources().file(file).load())
        .hasMessage(
            file
                + " line 1: topic.default.flush = \"always\" is not valid: it must be one of os |"
                + " interval | before-ack");
  }

  @Test
  void foreignVariablesAreLeftAloneAndMistypedOnesWarnedAbout() {
    ConfigSources sources =
        new ConfigSources()
            .environment(
                Map.of(
                    "FUNES_PORT", "tcp://10.0.0.1:1942",
                    "FUNES_SERVICE_HOST", "10.0.0.1",
                    "FUNES_SERVER", "127.0.0.1:1942",
                    "FUNES_NODEID", "7",
                    "FUNES_RACK", ""));

    assertThat(sources.load().cluster().nodeId()).isEmpty();
    assertThat(sources.warnings())
        .containsExactly(
            "environment variable FUNES_NODEID is not used: did you mean FUNES_NODE_ID?");
  }

  @Test
  void moreDefaultPartitionsThanATopicMayHaveIsRefused() {
    assertThatThrownBy(() ->
            BrokerConfig.of(Map.of("topic.partitions.default", "9", "topic.partitions.max", "8")))
        .hasMessageContaining("topic.partitions.default is 9, but topic.partitions.max is 8");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:1942, auto, 127.0.0.1:1943",
    "0.0.0.0:2000, auto, 127.0.0.1:2001",
    "127.0.0.1:0, auto, 127.0.0.1:0",
    "127.0.0.1:65535, auto, 127.0.0.1:0",
    "127.0.0.1:1942, 0.0.0.0:9000, 0.0.0.0:9000"
  })
  void metricsFollowTheListenAddress(String listen, String metrics, String served) {
    BrokerConfig config = BrokerConfig.of(Map.of("listen", listen, "metrics.listen", metrics));

    assertThat(config.network().metricsListen().orElseThrow()).hasToString(served);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "off"})
  void metricsCanBeOff(String off) {
    assertThat(BrokerConfig.of(Map.of("metrics.listen", off)).network().metricsListen()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1942", ":1942", "localhost", "localhost:", "a:-1", "a:65536", "::1:1942"})
  void badListenAddressIsRefused(String text) {
    assertThatThrownBy(() -> BrokerConfig.of(Map.of("listen", text)))
        .hasMessageContaining("must be HOST:PORT");
  }

  @Test
  void ipv6AddressKeepsItsBrackets() {
    ListenAddress listen = BrokerConfig.of(Map.of("listen", "[::1]:1942")).network().listen();

    assertThat(listen.host()).isEqualTo("::1");
    assertThat(listen).hasToString("[::1]:1942");
    assertThat(listen.loopback()).isTrue();
  }

  @Test
  void anyAddressIsNotLoopback() {
    assertThat(new ListenAddress("0.0.0.0", 1942).loopback()).isFalse();
  }

  private Path write(String... lines) throws IOException {
    return Files.write(folder.resolve("funes.conf"), List.of(lines));
  }
}
