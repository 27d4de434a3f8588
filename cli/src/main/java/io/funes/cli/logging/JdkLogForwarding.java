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

  /**
   * gRPC's server warns of each stream that ends with its connection, with a stack trace: every
   * call that is under way when a client or a broker dies. Whose calls they were tells what is
   * worth telling, and the rest that this class warns of is passed on.
   */
  private static final String SERVER_HANDLER =
      "io.grpc.netty.shaded.io.grpc.netty.NettyServerHandler";

  private static final String STREAM_ENDED = "Stream Error";

  /** Netty warns likewise of a connection that comes just when gRPC's server has been closed. */
  private static final String CHANNEL_INITIALIZER =
      "io.grpc.netty.shaded.io.netty.channel.ChannelInitializer";

  JdkLogForwarding() {}

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
    if (isNothing(name, message, entry.getThrown())) {
      LoggerFactory.getLogger(name).debug(message, entry.getThrown());
    } else if (entry.getLevel().intValue() >= Level.SEVERE.intValue()) {
      LoggerFactory.getLogger(name).error(message, entry.getThrown());
    } else {
      LoggerFactory.getLogger(name).warn(message, entry.getThrown());
    }
  }

  private static boolean isNothing(String logger, String message, Throwable thrown) {
    return switch (logger) {
      case SERVER_HANDLER -> message.equals(STREAM_ENDED);
      case CHANNEL_INITIALIZER -> thrown instanceof IllegalStateException; // It holds nothing more.
      default -> false;
    };
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
