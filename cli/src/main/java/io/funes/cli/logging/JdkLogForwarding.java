package io.funes.cli.logging;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/** Passes warnings of the libraries that log through the JDK (gRPC does) on to our log. */
final class JdkLogForwarding extends Handler {
  private static final SimpleFormatter MESSAGES = new SimpleFormatter();

  private JdkLogForwarding() {}

  static void install() {
    LogManager.getLogManager().reset();
    Logger root = Logger.getLogger("");
    root.setLevel(Level.WARNING);
    root.addHandler(new JdkLogForwarding());
  }

  @Override
  public void publish(LogRecord entry) {
    String name = entry.getLoggerName() == null ? "jdk" : entry.getLoggerName();
    String message = MESSAGES.formatMessage(entry);
    if (entry.getLevel().intValue() >= Level.SEVERE.intValue()) {
      LoggerFactory.getLogger(name).error(message, entry.getThrown());
    } else {
      LoggerFactory.getLogger(name).warn(message, entry.getThrown());
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
