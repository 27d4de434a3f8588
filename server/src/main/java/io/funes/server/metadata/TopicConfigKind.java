package io.funes.server.metadata;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What values a topic config takes. */
public sealed interface TopicConfigKind {
  boolean accepts(String value);

  /** The legal values in words, to stand after "must be". */
  String legal();

  /** For the table: bytes, milliseconds, count, ratio or choice. */
  String label();

  /** What a number counts. */
  enum Unit {
    BYTES,
    MILLISECONDS,
    COUNT
  }

  /** A whole number. {@code unlimited}: -1 is legal too and stands for no limit. */
  record Whole(Unit unit, long min, long max, boolean unlimited) implements TopicConfigKind {
    private static final Pattern DIGITS = Pattern.compile("-?[0-9]{1,19}");

    @Override
    public boolean accepts(String value) {
      if (!DIGITS.matcher(value).matches()) {
        return false;
      }
      try {
        long number = Long.parseLong(value);
        return (number >= min && number <= max) || (unlimited && number == -1);
      } catch (NumberFormatException e) {
        return false;
      }
    }

    @Override
    public String legal() {
      String what = unit == Unit.COUNT ? "a whole number" : "a whole number of " + label();
      return "%s from %d to %d%s"
          .formatted(what, min, max, unlimited ? ", or -1 for no limit" : "");
    }

    @Override
    public String label() {
      return unit.name().toLowerCase(Locale.ROOT);
    }
  }

  /** A fraction. */
  record Ratio() implements TopicConfigKind {
    private static final Pattern DECIMAL = Pattern.compile("[0-9](\\.[0-9]{1,9})?");

    @Override
    public boolean accepts(String value) {
      return DECIMAL.matcher(value).matches() && Double.parseDouble(value) <= 1;
    }

    @Override
    public String legal() {
      return "a decimal number from 0 to 1";
    }

    @Override
    public String label() {
      return "ratio";
    }
  }

  /** One of some words. */
  record Choice(List<String> words) implements TopicConfigKind {
    @Override
    public boolean accepts(String value) {
      return words.contains(value);
    }

    @Override
    public String legal() {
      return "one of " + String.join(" | ", words);
    }

    @Override
    public String label() {
      return "choice";
    }
  }
}
