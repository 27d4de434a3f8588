package io.funes.server.metadata.transport;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Connections without TLS. */
public final class PlainConnections implements Function<String, ManagedChannel> {
  @Override
  public ManagedChannel apply(String address) {
    return NettyChannelBuilder.forTarget(address)
        .usePlaintext()
        .directExecutor() // An answer only completes a future.
        .maxInboundMessageSize(RaftGrpcService.MESSAGE_BYTES_MAX)
        .keepAliveTime(GrpcRaftChannel.KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(3, TimeUnit.SECONDS)
        .disableRetry()
        .build();
  }
}
