package io.funes.cli.records;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.cli.CliRun;
import io.funes.cli.terminal.ExitCode;
import io.funes.client.Header;
import io.funes.client.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonLineTest {
  @Test
  void everyPartIsTaken() {
    ProducerRecord record =
        read(
            """
            {"topic":"old","partition":3,"offset":42,"timestamp_ms":1779012300000,"key_base64":"/w==",\
            "value":"ä\\n","headers":[{"name":"a","value":"1"},{"name":"a","value_base64":"/w=="},\
            {"name":"b","value":null}]}
            """);

    assertThat(record.topic()).isEqualTo("new");
    assertThat(record).hasToString("record to new-3, key 1 bytes, value 3 bytes");
    assertThat(record.key()).containsExactly(0xff);
    assertThat(record.value()).isEqualTo("ä\n".getBytes(UTF_8));
    assertThat(record.headers())
        .containsExactly(
            Header.of("a", "1"),
            Header.of("a", new byte[] {(byte) 0xff}),
            Header.of("b", (byte[]) null));
  }

  @Test
  void whatIsNullOrNotThereIsNone() {
    assertThat(read("{\"value\":null}").value()).isNull();
    assertThat(read("{\"key\":null,\"value\":\"\"}").key()).isNull();
    assertThat(read("{\"value\":\"\"}").value()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "hello|no JSON object, look at character 1; --input-format text takes lines as they are",
        "[]|no JSON object, look at character 1",
        "{\"value\":\"x\"|no JSON object, look at character 13",
        "{\"value\":x}|no JSON object, look at character 10",
        "{\"value\":\"x\"} {}|no JSON object, look at character 16",
        "{}|no value: give \"value\" or \"value_base64\"; null is a tombstone",
        "{\"valeu\":\"x\"}|unknown field \"valeu\"; there are key, value, headers",
        "{\"value\":{\"a\":1}}|value must be text in quotes",
        "{\"value\":\"x\",\"value_base64\":\"eA==\"}|value is there twice",
        "{\"value_base64\":\"%%==\"}|value_base64 is not base64: Illegal base64 character 25",
        "{\"value\":\"\\ud800\"}|value has half a surrogate pair",
        "{\"value\":\"x\",\"partition\":\"1\"}|partition must be a number",
        "{\"value\":\"x\",\"partition\":1.5}|partition 1.5 is no whole number up to 2147483647",
        "{\"value\":\"x\",\"partition\":2147483648}|partition 2147483648 is no whole number up to",
        "{\"value\":\"x\",\"timestamp_ms\":-1}|timestampMs",
        "{\"value\":\"x\",\"headers\":{\"a\":\"1\"}}|headers must be a list",
        "{\"value\":\"x\",\"headers\":[{\"name\":\"a\"}]}|a header without value",
        "{\"value\":\"x\",\"headers\":[{\"value\":\"a\"}]}|a header without name",
        "{\"value\":\"x\",\"headers\":[{\"nmae\":\"a\"}]}|unknown field \"nmae\" of a header",
      })
  void wrongLineSaysWhatIsWrong(String line, String message) {
    assertThatThrownBy(() -> read(line))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void otherBytesThanUtf8AreRefused() {
    ProducerRecord.Builder record = ProducerRecord.to("t");

    assertThatThrownBy(() -> JsonLine.read("{\"value\":\"ä\"}".getBytes(ISO_8859_1), record))
        .hasMessageStartingWith("not UTF-8");
  }

  @Test
  void keyOptionsDoNotGoWithJson() {
    CliRun run = CliRun.of("produce", "t", "--input-format", "json", "--key-delimiter", "=");

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("the key stands in the line").hasLineCount(1);
  }

  private static ProducerRecord read(String line) {
    ProducerRecord.Builder record = ProducerRecord.to("new");
    JsonLine.read(line.getBytes(UTF_8), record);
    return record.build();
  }
}
