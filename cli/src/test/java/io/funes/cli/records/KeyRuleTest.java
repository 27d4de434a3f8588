package io.funes.cli.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.client.ProducerRecord;
import org.junit.jupiter.api.Test;

class KeyRuleTest {
  @Test
  void delimiterSplitsAtItsFirstPlace() {
    KeyRule rule = KeyRule.delimiter("::");

    assertThat(split(rule, "k::v::w")).isEqualTo("[k] [v::w]");
    assertThat(split(rule, "::v")).isEqualTo("[] [v]");
    assertThat(split(rule, "k::")).isEqualTo("[k] []");
    assertThat(split(rule, "k:v")).isEqualTo("none [k:v]");
  }

  @Test
  void delimiterMayBeATab() {
    assertThat(split(KeyRule.delimiter("\\t"), "k\tv")).isEqualTo("[k] [v]");
  }

  @Test
  void regexWithoutGroupTakesTheMatchAndLeavesTheLine() {
    assertThat(split(KeyRule.regex("^\\S+"), "10.0.0.1 - GET"))
        .isEqualTo("[10.0.0.1] [10.0.0.1 - GET]");
  }

  @Test
  void regexWithGroupTakesTheFirst() {
    KeyRule rule = KeyRule.regex("user=(\\w+)|anonymous");

    assertThat(split(rule, "GET user=bob x")).isEqualTo("[bob] [GET user=bob x]");
    assertThat(split(rule, "GET anonymous")).isEqualTo("none [GET anonymous]");
    assertThat(split(rule, "GET")).isEqualTo("none [GET]");
  }

  @Test
  void keyHasTheBytesOfTheLine() {
    assertThat(key(KeyRule.regex("^\\S+"), "größe 1".getBytes(UTF_8)))
        .isEqualTo("größe".getBytes(UTF_8));
    assertThat(key(KeyRule.regex("^\\S+"), new byte[] {(byte) 0xff, (byte) 0xe4, ' ', 'x'}))
        .isEqualTo(new byte[] {(byte) 0xff, (byte) 0xe4});
  }

  @Test
  void wrongRegexSaysWhere() {
    assertThatThrownBy(() -> KeyRule.regex("(a")).hasMessageStartingWith("--key-regex: Unclosed");
  }

  @Test
  void wrongDelimiterIsRefused() {
    assertThatThrownBy(() -> KeyRule.delimiter("")).hasMessageContaining("must not be empty");
    assertThatThrownBy(() -> KeyRule.delimiter("\\x")).hasMessageContaining("\\x is not known");
    assertThatThrownBy(() -> KeyRule.delimiter("a\\")).hasMessageContaining("single \\");
  }

  private static String split(KeyRule rule, String line) {
    ProducerRecord record = record(rule, line.getBytes(UTF_8));
    String key = record.key() == null ? "none" : "[" + new String(record.key(), UTF_8) + "]";
    return key + " [" + new String(record.value(), UTF_8) + "]";
  }

  private static byte[] key(KeyRule rule, byte... line) {
    return record(rule, line).key();
  }

  private static ProducerRecord record(KeyRule rule, byte... line) {
    ProducerRecord.Builder record = ProducerRecord.to("t");
    rule.split(line, record);
    return record.build();
  }
}
