package io.funes.cli.records;

import io.funes.cli.terminal.CommandFailure;
import io.funes.client.StartPosition;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code --from}: a place by name, offset or time. */
final class StartText {
  private static final Pattern AGO = Pattern.compile("-(\\d{1,9})([smhd])");
  private static final Pattern EPOCH_MS = Pattern.compile("@(\\d{1,18})");
  private static final Pattern OFFSET = Pattern.compile("\\d{1,18}");

  private StartText() {}

  /**
   * Reads the place.
   *
   * @param now what {@code -1h} counts from
   * @param zone of times that name none
   */
  static StartPosition parse(String text, Instant now, ZoneId zone) {
    return switch (text) {
      case "earliest" -> StartPosition.earliest();
      case "latest" -> StartPosition.latest();
      default ->
          OFFSET.matcher(text).matches()
              ? StartPosition.offset(Long.parseLong(text))
              : StartPosition.timestamp(timestampMs(text, now, zone));
    };
  }

  /** The offset, where the place is one. */
  static OptionalLong offset(String text) {
    return OFFSET.matcher(text).matches()
        ? OptionalLong.of(Long.parseLong(text))
        : OptionalLong.empty();
  }

  private static long timestampMs(String text, Instant now, ZoneId zone) {
    try {
      return Math.max(0, instant(text, now, zone).toEpochMilli());
    } catch (DateTimeException | ArithmeticException e) {
      throw CommandFailure.usage(
          "--from \"%s\" is no place: write earliest, latest, an offset, a time like 2026-05-17T10:05:00Z, @ and milliseconds since 1970, or -90s, -15m, -1h, -7d"
              .formatted(text));
    }
  }

  private static Instant instant(String text, Instant now, ZoneId zone) {
    Matcher ago = AGO.matcher(text);
    if (ago.matches()) {
      return now.minus(Duration.of(Long.parseLong(ago.group(1)), unit(ago.group(2))));
    }
    Matcher epochMs = EPOCH_MS.matcher(text);
    if (epochMs.matches()) {
      return Instant.ofEpochMilli(Long.parseLong(epochMs.group(1)));
    }
    if (!text.contains("T")) {
      return LocalDate.parse(text).atStartOfDay(zone).toInstant();
    }
    boolean zoned = text.matches(".*(Z|[+-]\\d\\d(:?\\d\\d)?)");
    return zoned
        ? OffsetDateTime.parse(text).toInstant()
        : LocalDateTime.parse(text).atZone(zone).toInstant();
  }

  private static ChronoUnit unit(String letter) {
    return switch (letter) {
      case "s" -> ChronoUnit.SECONDS;
      case "m" -> ChronoUnit.MINUTES;
      case "h" -> ChronoUnit.HOURS;
      default -> ChronoUnit.DAYS;
    };
  }
}
