package io.funes.server.routing;

import io.grpc.ChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Connections to the internal listeners of leaders: brokers reach each other there wherever their
 * clients are, and only brokers may send on what clients asked.
 */
public final class LeaderConnections implements Function<String, ManagedChannel> {
  /** A reply that a client takes, and what surrounds it. */
  private static final int MESSAGE_BYTES_MAX = 8 << 20;

  private static final int WINDOW_BYTES = 8 << 20;

  private final ChannelCredentials credentials;

  public LeaderConnections(ChannelCredentials credentials) {
    this.credentials = credentials;
  }

  @Override
  public ManagedChannel apply(String address) {
    return NettyChannelBuilder.forTarget(address, credentials)
        .directExecutor() // Answers are only handed on.
        .flowControlWindow(WINDOW_BYTES)
        .maxInboundMessageSize(MESSAGE_BYTES_MAX)
        .keepAliveTime(10, TimeUnit.SECONDS)
        .keepAliveTimeout(3, TimeUnit.SECONDS)
        .disableRetry()
        .build();
  }
}
