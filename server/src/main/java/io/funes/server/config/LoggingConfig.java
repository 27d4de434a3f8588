package io.funes.server.config;

/** What the broker logs, and how. */
public record LoggingConfig(Level level, Format format) {
  /** From the most severe. */
  public enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }

  /** How a message is written. */
  public enum Format {
    TEXT,
    JSON
  }
}
