package io.funes.server.broker;

import io.funes.server.api.Services;
import io.funes.server.config.ListenAddress;
import io.funes.server.config.NetworkConfig;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.IoHandlerFactory;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.WriteBufferWaterMark;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.util.ResourceLeakDetector;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.protobuf.services.ChannelzService;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The gRPC front: the broker's services and the standard ones (health, reflection v1 and v1alpha,
 * channelz) on one port. Calls run on the event loop that received them, so nothing that they do
 * there may block.
 */
final class RpcServer {
  /**
   * Fixed, so that no pings are spent on guessing it; loopback and data centre links need no more.
   */
  private static final int WINDOW_BYTES = 8 << 20;

  /**
   * A whole frame of records goes to the socket in one call; with Netty's 64 KiB it takes turns
   * with HTTP/2's flow control.
   */
  private static final WriteBufferWaterMark WRITE_BUFFER =
      new WriteBufferWaterMark(512 << 10, 1 << 20);

  /**
   * A connection that sends much is read in steps of this size; a quiet one takes little memory.
   */
  private static final int READ_BYTES_MAX = 512 << 10;

  private static final int READ_BYTES = 64 << 10;
  private static final int READ_BYTES_MIN = 2 << 10;

  /** What every stub accepts and sends by default. */
  private static final int MESSAGE_BYTES_MAX = 4 << 20;

  private static final int METADATA_BYTES_MAX = 16 << 10;
  private static final int CALLS_PER_CONNECTION_MAX = 10_000;
  private static final int CHANNELZ_PAGE = 100;

  private final HealthStatusManager health = new HealthStatusManager();
  private final EventLoopGroup boss;
  private final EventLoopGroup workers;
  private final NettyServerBuilder builder;
  private List<ServerServiceDefinition> services = List.of();
  private Server server;

  /** Makes all that does not depend on the broker's services, which takes a while. */
  RpcServer(NetworkConfig config) {
    // A stack trace for every 128th buffer is for those who look for leaks in Netty.
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    boolean epoll = Epoll.isAvailable();
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    boss = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("funes-accept", true), io);
    workers =
        new MultiThreadIoEventLoopGroup(
            config.networkThreads(), new DefaultThreadFactory("funes-network", true), io);
    Class<? extends ServerChannel> channel =
        epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    builder =
        NettyServerBuilder.forAddress(config.listen().socketAddress())
            .bossEventLoopGroup(boss)
            .workerEventLoopGroup(workers)
            .channelType(channel)
            .directExecutor()
            .flowControlWindow(WINDOW_BYTES)
            .withChildOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_BUFFER)
            .withChildOption(
                ChannelOption.RECVBUF_ALLOCATOR,
                new AdaptiveRecvByteBufAllocator(READ_BYTES_MIN, READ_BYTES, READ_BYTES_MAX))
            .maxInboundMessageSize(MESSAGE_BYTES_MAX)
            .maxInboundMetadataSize(METADATA_BYTES_MAX)
            .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION_MAX)
            .permitKeepAliveTime(10, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true);
    for (BindableService standard : standard()) {
      builder.addService(Services.checked(standard.bindService()));
    }
  }

  private List<BindableService> standard() {
    return List.of(
        health.getHealthService(),
        ProtoReflectionServiceV1.newInstance(),
        v1alphaReflection(),
        ChannelzService.newInstance(CHANNELZ_PAGE));
  }

  /** Older tools, grpcui and Postman among them, ask only for this version. */
  @SuppressWarnings("deprecation")
  private static BindableService v1alphaReflection() {
    return ProtoReflectionService.newInstance();
  }

  /** Serves these and the standard services. */
  void start(List<ServerServiceDefinition> brokersOwn) throws IOException {
    services = brokersOwn;
    services.forEach(builder::addService);
    server = builder.build();
    server.start();
    serving(ServingStatus.SERVING);
  }

  private void serving(ServingStatus status) {
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
    services.forEach(service -> health.setStatus(service.getServiceDescriptor().getName(), status));
  }

  /** Where clients really reach it. */
  ListenAddress address(ListenAddress configured) {
    InetSocketAddress bound = (InetSocketAddress) server.getListenSockets().getFirst();
    return new ListenAddress(configured.host(), bound.getPort());
  }

  /** Tells health watchers that it goes. */
  void announceStop() {
    serving(ServingStatus.NOT_SERVING);
  }

  /** Takes no new calls, gives those under way so long to end, then ends them. */
  void stop(long timeoutMs) {
    if (server == null) {
      return;
    }
    server.shutdown();
    try {
      if (!server.awaitTermination(timeoutMs, TimeUnit.MILLISECONDS)) {
        server.shutdownNow();
        server.awaitTermination(1, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the threads. */
  void close() {
    var _ = boss.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    var _ = workers.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
