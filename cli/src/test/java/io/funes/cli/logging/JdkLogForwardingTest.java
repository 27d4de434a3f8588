package io.funes.cli.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.grpc.netty.shaded.io.netty.util.IllegalReferenceCountException;
import java.io.IOException;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class JdkLogForwardingTest {
  private static final String HANDLER = "io.grpc.netty.shaded.io.grpc.netty.NettyServerHandler";

  private final Logger log = (Logger) LoggerFactory.getLogger("io.grpc");
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final JdkLogForwarding forwarding = new JdkLogForwarding();

  @BeforeEach
  void listen() {
    logged.start();
    log.addAppender(logged);
    log.setLevel(Level.WARN);
  }

  @AfterEach
  void deafen() {
    log.detachAppender(logged);
    log.setLevel(null);
  }

  private void publish(String logger, String message) {
    publish(logger, message, new IOException("Connection reset by peer"));
  }

  private void publish(String logger, String message, Throwable thrown) {
    LogRecord entry = new LogRecord(java.util.logging.Level.WARNING, message);
    entry.setLoggerName(logger);
    entry.setThrown(thrown);
    forwarding.publish(entry);
  }

  @Test
  void callsThatEndWithTheirConnectionAreNoWarning() {
    publish(HANDLER, "Stream Error");

    assertThat(logged.list).isEmpty();
  }

  @Test
  void connectionsThatComeWhenTheServerHasClosedAreNoWarning() {
    String initializer = "io.grpc.netty.shaded.io.netty.channel.ChannelInitializer";
    publish(initializer, "Failed to initialize", new IllegalReferenceCountException(0));
    assertThat(logged.list).isEmpty();

    publish(initializer, "Failed to initialize");
    assertThat(logged.list).hasSize(1);
  }

  @Test
  void allElseThatGrpcWarnsOfIsPassedOn() {
    publish(HANDLER, "Exception in onDataRead()");
    publish("io.grpc.internal.ServerImpl", "Stream Error");

    assertThat(logged.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly("Exception in onDataRead()", "Stream Error");
    assertThat(logged.list).allSatisfy(event -> assertThat(event.getThrowableProxy()).isNotNull());
  }
}
