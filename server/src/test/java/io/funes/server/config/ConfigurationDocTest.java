package io.funes.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.metadata.TopicConfigKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tables of {@code docs/configuration.md} are those of the code. */
class ConfigurationDocTest {
  private static final Path DOC = Path.of("..", "docs", "configuration.md");

  @Test
  void brokerTableIsTheOneOfTheCode() throws IOException {
    assertThat(tableUnder("## Broker"))
        .as("copy this into %s:%n%s", DOC, String.join("\n", brokerTable()))
        .isEqualTo(brokerTable());
  }

  @Test
  void topicTableIsTheOneOfTheCode() throws IOException {
    assertThat(tableUnder("## Topics"))
        .as("copy this into %s:%n%s", DOC, String.join("\n", topicTable()))
        .isEqualTo(topicTable());
  }

  private static List<String> topicTable() {
    return Arrays.stream(TopicConfigKey.values())
        .map(key ->
            "| `%s` | `%s` | %s | %s |"
                .formatted(key.key(), key.defaultValue(), escaped(key.kind().legal()), key.doc()))
        .toList();
  }

  /** A bar would end the cell. */
  private static String escaped(String text) {
    return text.replace("|", "\\|");
  }

  private static List<String> brokerTable() {
    return ConfigKeys.ALL.stream()
        .map(key ->
            "| `%s` | `%s` | %s | %s | %s |"
                .formatted(
                    key.name(),
                    ConfigKey.environmentName(key.name()),
                    key.defaultText().isEmpty() ? "" : "`" + key.defaultText() + "`",
                    escaped(key.type().legal()),
                    key.doc()))
        .toList();
  }

  private static List<String> tableUnder(String heading) throws IOException {
    return Files.readAllLines(DOC).stream()
        .dropWhile(line -> !line.equals(heading))
        .skip(1)
        .takeWhile(line -> !line.startsWith("## "))
        .filter(line -> line.startsWith("| `"))
        .toList();
  }
}
