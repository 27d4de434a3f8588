package io.funes.cli.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StartTextTest {
  private static final Instant NOW = Instant.parse("2026-05-17T12:00:00Z");
  private static final ZoneId ZONE = ZoneId.of("+02:00");

  @ParameterizedTest
  @CsvSource({
    "earliest, earliest",
    "latest, latest",
    "0, offset 0",
    "1779012300000, offset 1779012300000",
    "@1779012300000, timestamp 1779012300000",
    "2026-05-17T10:05:00Z, timestamp 1779012300000",
    "2026-05-17T12:05:00+02:00, timestamp 1779012300000",
    "2026-05-17T12:05:00, timestamp 1779012300000",
    "2026-05-17T12:05, timestamp 1779012300000",
    "2026-05-17, timestamp 1778968800000",
    "-90s, timestamp 1779019110000",
    "-15m, timestamp 1779018300000",
    "-1h, timestamp 1779015600000",
    "-7d, timestamp 1778414400000",
    "-999999d, timestamp 0"
  })
  void placesAreRead(String text, String position) {
    assertThat(StartText.parse(text, NOW, ZONE)).hasToString(position);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "first",
        "-5",
        "1.5",
        "-1w",
        "yesterday",
        "2026-13-01",
        "99999999999999999999"
      })
  void whatIsNoPlaceSaysWhatIsOne(String text) {
    assertThatThrownBy(() -> StartText.parse(text, NOW, ZONE))
        .hasMessageContaining("write earliest, latest, an offset");
  }
}
