package io.funes.server.replication.transport;

import io.grpc.ChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.function.Function;

/**
 * Connections to leaders, apart from all others: megabytes under way would hold up short messages.
 */
public final class ReplicaConnections implements Function<String, ManagedChannel> {
  /** So that a follower that waits for its disk has the next pushes at hand. */
  private static final int WINDOW_BYTES = 8 << 20;

  private final ChannelCredentials credentials;

  public ReplicaConnections(ChannelCredentials credentials) {
    this.credentials = credentials;
  }

  @Override
  public ManagedChannel apply(String address) {
    NettyChannelBuilder connection =
        NettyChannelBuilder.forTarget(address, credentials)
            .flowControlWindow(WINDOW_BYTES)
            .disableRetry();
    ConnectionProbes.add(connection);
    return connection.build();
  }
}
