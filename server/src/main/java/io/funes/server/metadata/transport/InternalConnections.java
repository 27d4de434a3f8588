package io.funes.server.metadata.transport;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Connections to internal listeners of other brokers, for short messages. */
public final class InternalConnections implements Function<String, ManagedChannel> {
  private final ChannelCredentials credentials;

  public InternalConnections(ChannelCredentials credentials) {
    this.credentials = credentials;
  }

  /** Without TLS. */
  public static InternalConnections plain() {
    return new InternalConnections(InsecureChannelCredentials.create());
  }

  @Override
  public ManagedChannel apply(String address) {
    return NettyChannelBuilder.forTarget(address, credentials)
        .directExecutor() // An answer only completes a future.
        .maxInboundMessageSize(RaftGrpcService.MESSAGE_BYTES_MAX)
        .keepAliveTime(GrpcRaftChannel.KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(3, TimeUnit.SECONDS)
        .disableRetry()
        .build();
  }
}
