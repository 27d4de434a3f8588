package io.funes.server.broker;

import io.funes.server.config.ListenAddress;
import io.funes.server.metadata.transport.RaftGrpcService;
import io.funes.server.replication.transport.ConnectionProbes;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.ServerCredentials;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.util.MutableHandlerRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The listener for other brokers, apart from that for clients. Nobody else should reach it. */
final class InternalServer {
  /** Others ping every ten seconds; a ping that was held up on its way must not cost the stream. */
  private static final int PING_SECONDS_MIN = 5;

  /** What a follower has not acknowledged yet may be under way. */
  private static final int WINDOW_BYTES = 8 << 20;

  /** What a client may send, and what the broker between adds to it. */
  private static final int METADATA_BYTES_MAX = 32 << 10;

  private final Server server;
  private final MutableHandlerRegistry forwarded;

  private InternalServer(Server server, MutableHandlerRegistry forwarded) {
    this.server = server;
    this.forwarded = forwarded;
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
    Set<String> own =
        services.stream()
            .map(service -> service.getServiceDescriptor().getName())
            .collect(Collectors.toSet());
    MutableHandlerRegistry forwarded = new MutableHandlerRegistry();
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(listen.socketAddress(), credentials)
            .directExecutor()
            .callExecutor(
                new ServerCallExecutorSupplier() {
                  @Override
                  public <Q, A> Executor getExecutor(ServerCall<Q, A> call, Metadata headers) {
                    boolean isOwn = own.contains(call.getMethodDescriptor().getServiceName());
                    return isOwn ? executor : null; // The network's thread.
                  }
                })
            .fallbackHandlerRegistry(forwarded)
            .maxInboundMetadataSize(METADATA_BYTES_MAX)
            .flowControlWindow(WINDOW_BYTES)
            .maxInboundMessageSize(RaftGrpcService.MESSAGE_BYTES_MAX)
            .permitKeepAliveTime(PING_SECONDS_MIN, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true);
    ConnectionProbes.add(builder);
    services.forEach(builder::addService);
    return new InternalServer(builder.build().start(), forwarded);
  }

  /** Besides, from now on, what clients asked other brokers; it runs on the network's threads. */
  void serve(List<ServerServiceDefinition> services) {
    services.forEach(forwarded::addService);
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
