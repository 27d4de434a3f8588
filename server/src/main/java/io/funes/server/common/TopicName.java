package io.funes.server.common;

import java.util.regex.Pattern;

/** A legal topic name. The same rule as Kafka's, so that topics can move between the two. */
public record TopicName(String value) implements Comparable<TopicName> {
  public static final int LENGTH_MAX = 249;

  private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]{1," + LENGTH_MAX + "}");

  public TopicName {
    if (!LEGAL.matcher(value).matches() || value.equals(".") || value.equals("..")) {
      throw new RefusedException(
          Refusal.of(
                  ErrorCode.INVALID_TOPIC_NAME,
                  "topic name \"%s\" is not valid: use 1 to %d characters of a-z A-Z 0-9 . _ -, not . or .."
                      .formatted(printable(value), LENGTH_MAX))
              .with("topic", printable(value)));
    }
  }

  /** Belongs to the brokers: clients read it and do not write it. */
  public boolean internal() {
    return value.startsWith("__");
  }

  @Override
  public int compareTo(TopicName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }

  private static String printable(String value) {
    String cut = value.length() > 260 ? value.substring(0, 260) + "..." : value;
    return cut.replaceAll("[^\\x20-\\x7e]", "?");
  }
}
