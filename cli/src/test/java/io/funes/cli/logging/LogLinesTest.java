package io.funes.cli.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.funes.server.config.LoggingConfig.Format;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LogLinesTest {
  @Test
  void textIsOneLine() {
    assertThat(encode(Format.TEXT, event("took {} ms", null)))
        .isEqualTo("2026-05-17T10:05:00Z WARN  [worker-1] Broker: took 5 ms topic=t\n");
  }

  @Test
  void textShowsTheFailureBelow() {
    assertThat(encode(Format.TEXT, event("failed", new IllegalStateException("boom"))))
        .contains("Broker: failed topic=t\njava.lang.IllegalStateException: boom\n\tat ");
  }

  @Test
  void jsonHasItsOwnFieldForEveryPart() {
    assertThat(encode(Format.JSON, event("took {} ms", null)))
        .isEqualTo(
            "{\"time\":\"2026-05-17T10:05:00Z\",\"level\":\"WARN\","
                + "\"logger\":\"io.funes.server.broker.Broker\",\"thread\":\"worker-1\","
                + "\"message\":\"took 5 ms\",\"topic\":\"t\"}\n");
  }

  @Test
  void jsonKeepsAFailureOnTheLine() {
    String line = encode(Format.JSON, event("failed", new IllegalStateException("boom")));

    assertThat(line).contains("\"error\":\"java.lang.IllegalStateException: boom\\n");
    assertThat(line.lines()).hasSize(1);
  }

  private static LoggingEvent event(String message, Throwable failure) {
    LoggingEvent event =
        new LoggingEvent(
            "x",
            new LoggerContext().getLogger("io.funes.server.broker.Broker"),
            Level.WARN,
            message,
            failure,
            failure == null ? new Object[] {5} : null);
    event.setThreadName("worker-1");
    event.setInstant(Instant.parse("2026-05-17T10:05:00Z"));
    event.addKeyValuePair(new KeyValuePair("topic", "t"));
    return event;
  }

  private static String encode(Format format, LoggingEvent event) {
    return new String(new LogLines(format).encode(event), UTF_8);
  }
}
