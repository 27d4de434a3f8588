package io.funes.server.routing;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Connections to other brokers without TLS. */
public final class PlainChannels implements Function<String, ManagedChannel> {
  /** A reply that a client takes, and what surrounds it. */
  private static final int MESSAGE_BYTES_MAX = 8 << 20;

  private static final int WINDOW_BYTES = 8 << 20;

  @Override
  public ManagedChannel apply(String address) {
    return NettyChannelBuilder.forTarget(address)
        .usePlaintext()
        .directExecutor() // Answers are only handed on.
        .flowControlWindow(WINDOW_BYTES)
        .maxInboundMessageSize(MESSAGE_BYTES_MAX)
        .keepAliveTime(10, TimeUnit.SECONDS)
        .keepAliveTimeout(3, TimeUnit.SECONDS)
        .disableRetry()
        .build();
  }
}
