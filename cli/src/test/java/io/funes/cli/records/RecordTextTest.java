package io.funes.cli.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.cli.CliRun;
import io.funes.cli.terminal.ExitCode;
import io.funes.cli.terminal.Invocation;
import io.funes.cli.terminal.Json;
import io.funes.client.ConsumerRecord;
import io.funes.client.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordTextTest {
  private static final ConsumerRecord RECORD =
      ReadRecords.of("key", "value ä", Header.of("a", "1"), Header.of("b", (byte[]) null));
  private static final ConsumerRecord EMPTY = ReadRecords.of((byte[]) null, null);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "%s|value ä",
        "%k=%s|key=value ä",
        "%t-%p@%o|access-log-3@42",
        "%T|1779012300000",
        "%h|a=1,b=",
        "%K %S|3 8",
        "100%% %s|100% value ä",
        "plain|plain",
        "[%k\\t%s]|[key\tvalue ä]"
      })
  void placesAreFilled(String format, String expected) {
    assertThat(print(format, RECORD)).isEqualTo(expected);
  }

  @Test
  void escapesAreResolvedAndNothingIsAdded() {
    assertThat(print("%k\\n\\r\\0\\\\n", RECORD)).isEqualTo("key\n\r\0\\n");
  }

  @Test
  void whatARecordDoesNotHaveIsEmptyAndItsLengthMinusOne() {
    assertThat(print("[%k|%s|%h] %K %S", EMPTY)).isEqualTo("[||] -1 -1");
  }

  @Test
  void wrongFormatSaysWhatThereIs() {
    assertThatThrownBy(() -> RecordFormat.parse("%x"))
        .hasMessageStartingWith("--format: %x is not known; there are %k key, %s value");
    assertThatThrownBy(() -> RecordFormat.parse("%s%")).hasMessageContaining("write %% for one");
    assertThatThrownBy(() -> RecordFormat.parse("\\q")).hasMessageContaining("\\q is not known");
  }

  @Test
  void jsonHasEverything() {
    assertThat(Json.text(RecordJson.fields(RECORD)))
        .isEqualTo(
            "{\"topic\":\"access-log\",\"partition\":3,\"offset\":42,"
                + "\"timestamp_ms\":1779012300000,\"key\":\"key\",\"value\":\"value ä\","
                + "\"headers\":[{\"name\":\"a\",\"value\":\"1\"},{\"name\":\"b\",\"value\":null}]}");
  }

  @Test
  void jsonOfBinaryValueIsBase64AndOfNoneIsNull() {
    ConsumerRecord binary = ReadRecords.of(null, new byte[] {(byte) 0xff});

    assertThat(Json.text(RecordJson.fields(binary)))
        .endsWith("\"key\":null,\"value_base64\":\"/w==\"}");
  }

  @Test
  void formatAndJsonExcludeEachOther() {
    CliRun run = CliRun.of("consume", "t", "--format", "%s", "-o", "json");

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("exclude each other");
  }

  private static String print(String format, ConsumerRecord record) {
    CliRun run = new CliRun();
    Invocation invocation = run.invocation();
    RecordFormat.parse(format).print(record, invocation.out());
    invocation.out().flush();
    return run.out();
  }
}
