package io.funes.cli.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.funes.server.config.LoggingConfig;
import org.slf4j.LoggerFactory;

/**
 * Logs to standard error. Logback finds this class as a service, so every command starts with
 * warnings as text; the broker then applies its own configuration. Libraries stay at warnings
 * whatever the level.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
  private static final String OURS = "io.funes";

  @Override
  public ExecutionStatus configure(LoggerContext loggerContext) {
    set(loggerContext, new LoggingConfig(LoggingConfig.Level.WARN, LoggingConfig.Format.TEXT));
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  public static void apply(LoggingConfig config) {
    set((LoggerContext) LoggerFactory.getILoggerFactory(), config);
  }

  private static void set(LoggerContext context, LoggingConfig config) {
    context.reset();
    LogLines lines = new LogLines(config.format());
    lines.setContext(context);
    lines.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(lines);
    appender.start();
    Level ours = Level.toLevel(config.level().name());
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(ours.isGreaterOrEqual(Level.WARN) ? ours : Level.WARN);
    root.addAppender(appender);
    context.getLogger(OURS).setLevel(ours);
    JdkLogForwarding.install();
  }
}
