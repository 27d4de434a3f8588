package io.funes.server.broker;

import io.funes.server.config.ListenAddress;
import io.funes.server.metadata.transport.RaftGrpcService;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** The listener for other brokers, apart from that for clients. Nobody else should reach it. */
final class InternalServer {
  /** A connection that vanished is given up by its other end after some seconds. */
  private static final int PING_SECONDS_MIN = 5;

  /** What a follower has not acknowledged yet may be under way. */
  private static final int WINDOW_BYTES = 8 << 20;

  private final Server server;

  private InternalServer(Server server) {
    this.server = server;
  }

  /**
   * Serves from now on.
   *
   * @param executor its threads may wait for the disk
   */
  static InternalServer start(
      ListenAddress listen,
      ServerCredentials credentials,
      List<ServerServiceDefinition> services,
      Executor executor)
      throws IOException {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(listen.socketAddress(), credentials)
            .executor(executor)
            .flowControlWindow(WINDOW_BYTES)
            .maxInboundMessageSize(RaftGrpcService.MESSAGE_BYTES_MAX)
            .permitKeepAliveTime(PING_SECONDS_MIN, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true);
    services.forEach(builder::addService);
    return new InternalServer(builder.build().start());
  }

  /** At once: the others see broken streams, and go elsewhere. */
  void stop() {
    server.shutdownNow();
    try {
      server.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
