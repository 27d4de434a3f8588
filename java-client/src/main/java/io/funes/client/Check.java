package io.funes.client;

import java.time.Duration;
import java.util.Objects;

/** Refusals of arguments; each names the argument and its value. */
final class Check {
  private Check() {}

  static void argument(boolean valid, String name, Object value, String rule) {
    if (!valid) {
      throw new IllegalArgumentException(name + " is " + value + ", but " + rule);
    }
  }

  static Duration positive(Duration value, String name) {
    Objects.requireNonNull(value, name);
    argument(!value.isNegative() && !value.isZero(), name, value, "must be longer than zero");
    return value;
  }
}
