package io.funes.cli.logging;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import io.funes.cli.terminal.Json;
import io.funes.server.config.LoggingConfig.Format;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.event.KeyValuePair;

/** One line of text, or one JSON object, per message. */
final class LogLines extends EncoderBase<ILoggingEvent> {
  private final Format format;

  LogLines(Format format) {
    this.format = format;
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    String line =
        switch (format) {
          case TEXT -> text(event);
          case JSON -> json(event);
        };
    return (line + "\n").getBytes(UTF_8);
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }

  private static String text(ILoggingEvent event) {
    StringBuilder line = new StringBuilder();
    line.append(Instant.ofEpochMilli(event.getTimeStamp()))
        .append(" %-5s [%s] ".formatted(event.getLevel(), event.getThreadName()))
        .append(shortName(event.getLoggerName()))
        .append(": ")
        .append(event.getFormattedMessage());
    for (KeyValuePair pair : pairs(event)) {
      line.append(' ').append(pair.key).append('=').append(pair.value);
    }
    if (event.getThrowableProxy() != null) {
      line.append('\n').append(ThrowableProxyUtil.asString(event.getThrowableProxy()).strip());
    }
    return line.toString();
  }

  private static String json(ILoggingEvent event) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("time", Instant.ofEpochMilli(event.getTimeStamp()));
    fields.put("level", event.getLevel());
    fields.put("logger", event.getLoggerName());
    fields.put("thread", event.getThreadName());
    fields.put("message", event.getFormattedMessage());
    pairs(event).forEach(pair -> fields.put(pair.key, pair.value));
    if (event.getThrowableProxy() != null) {
      fields.put("error", ThrowableProxyUtil.asString(event.getThrowableProxy()).strip());
    }
    return Json.text(fields);
  }

  private static List<KeyValuePair> pairs(ILoggingEvent event) {
    return event.getKeyValuePairs() == null ? List.of() : event.getKeyValuePairs();
  }

  private static String shortName(String logger) {
    return logger.substring(logger.lastIndexOf('.') + 1);
  }
}
