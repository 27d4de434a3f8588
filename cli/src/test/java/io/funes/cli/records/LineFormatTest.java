package io.funes.cli.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.client.ProducerRecord;
import org.junit.jupiter.api.Test;

class LineFormatTest {
  @Test
  void delimiterSplitsAtItsFirstPlace() {
    LineFormat format = LineFormat.keyDelimiter("::");

    assertThat(split(format, "k::v::w")).isEqualTo("[k] [v::w]");
    assertThat(split(format, "::v")).isEqualTo("[] [v]");
    assertThat(split(format, "k::")).isEqualTo("[k] []");
    assertThat(split(format, "k:v")).isEqualTo("none [k:v]");
  }

  @Test
  void delimiterMayBeATab() {
    assertThat(split(LineFormat.keyDelimiter("\\t"), "k\tv")).isEqualTo("[k] [v]");
  }

  @Test
  void regexWithoutGroupTakesTheMatchAndLeavesTheLine() {
    assertThat(split(LineFormat.keyRegex("^\\S+"), "10.0.0.1 - GET"))
        .isEqualTo("[10.0.0.1] [10.0.0.1 - GET]");
  }

  @Test
  void regexWithGroupTakesTheFirst() {
    LineFormat format = LineFormat.keyRegex("user=(\\w+)|anonymous");

    assertThat(split(format, "GET user=bob x")).isEqualTo("[bob] [GET user=bob x]");
    assertThat(split(format, "GET anonymous")).isEqualTo("none [GET anonymous]");
    assertThat(split(format, "GET")).isEqualTo("none [GET]");
  }

  @Test
  void keyHasTheBytesOfTheLine() {
    assertThat(key(LineFormat.keyRegex("^\\S+"), "größe 1".getBytes(UTF_8)))
        .isEqualTo("größe".getBytes(UTF_8));
    assertThat(key(LineFormat.keyRegex("^\\S+"), new byte[] {(byte) 0xff, (byte) 0xe4, ' ', 'x'}))
        .isEqualTo(new byte[] {(byte) 0xff, (byte) 0xe4});
  }

  @Test
  void wrongRegexSaysWhere() {
    assertThatThrownBy(() -> LineFormat.keyRegex("(a"))
        .hasMessageStartingWith("--key-regex: Unclosed");
  }

  @Test
  void wrongDelimiterIsRefused() {
    assertThatThrownBy(() -> LineFormat.keyDelimiter("")).hasMessageContaining("must not be empty");
    assertThatThrownBy(() -> LineFormat.keyDelimiter("\\x"))
        .hasMessageContaining("\\x is not known");
    assertThatThrownBy(() -> LineFormat.keyDelimiter("a\\")).hasMessageContaining("single \\");
  }

  private static String split(LineFormat format, String line) {
    ProducerRecord record = record(format, line.getBytes(UTF_8));
    String key = record.key() == null ? "none" : "[" + new String(record.key(), UTF_8) + "]";
    return key + " [" + new String(record.value(), UTF_8) + "]";
  }

  private static byte[] key(LineFormat format, byte... line) {
    return record(format, line).key();
  }

  private static ProducerRecord record(LineFormat format, byte... line) {
    ProducerRecord.Builder record = ProducerRecord.to("t");
    format.read(line, record);
    return record.build();
  }
}
