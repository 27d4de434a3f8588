package io.funes.server.replication.transport;

import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollChannelOption;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Finds connections whose other end is dead or cut off within about two seconds. The kernel probes
 * for it: gRPC pings no more often than every ten seconds, which is what remains where there is no
 * epoll. A process that hangs answers probes; the controller finds it.
 */
public final class ConnectionProbes {
  private static final int PING_SECONDS = 10;
  private static final int PING_TIMEOUT_SECONDS = 2;

  /** Seconds of silence before a probe and between two, and milliseconds without any answer. */
  private static final Map<ChannelOption<Integer>, Integer> PROBES =
      Map.of(
          EpollChannelOption.TCP_KEEPIDLE, 1,
          EpollChannelOption.TCP_KEEPINTVL, 1,
          EpollChannelOption.TCP_USER_TIMEOUT, 2_000);

  private ConnectionProbes() {}

  /** To leaders. */
  static void add(NettyChannelBuilder connection) {
    connection
        .keepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(PING_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    if (Epoll.isAvailable()) {
      PROBES.forEach(connection::withOption);
    }
  }

  /** From followers; for the internal listener, which has to permit their pings. */
  public static void add(NettyServerBuilder listener) {
    listener
        .keepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(PING_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    if (Epoll.isAvailable()) {
      PROBES.forEach(listener::withChildOption);
    }
  }
}
