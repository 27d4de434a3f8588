package io.funes.server.config;

import java.util.Locale;

/** One row of the table of keys. */
record ConfigKey<T>(String name, String defaultText, ValueType<T> type, String doc) {
  static final String ENVIRONMENT_PREFIX = "FUNES_";

  static String environmentName(String key) {
    return ENVIRONMENT_PREFIX + key.replace('.', '_').toUpperCase(Locale.ROOT);
  }
}
