package io.funes.client.internal.transport;

import io.funes.client.ClientClosedException;
import io.funes.client.ErrorReason;
import io.funes.client.Failure;
import io.funes.client.FunesException;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.IoHandlerFactory;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.WriteBufferWaterMark;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.grpc.stub.ClientCalls;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's way to the brokers, with one I/O thread of its own, on which all answers are handled.
 * Calls are repeated within their time while the broker says that this helps; gRPC's own retries
 * and its slow reconnect back-off stay out of it.
 *
 * <p>{@link #channel} leads to whichever broker can be reached, which answers any question;
 * channels to brokers of the caller's choice share its thread.
 */
public final class Connection implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Connection.class);

  private static final int WINDOW_BYTES = 8 << 20;
  private static final int MESSAGE_BYTES_MAX = 64 << 20;

  /** A batch goes to the socket in one call; Netty's 64 KiB would cut it in pieces. */
  private static final WriteBufferWaterMark WRITE_BUFFER =
      new WriteBufferWaterMark(512 << 10, 1 << 20);

  /** Of one read from the socket; it grows with what comes. */
  private static final int READ_BYTES_MAX = 512 << 10;

  private static final int READ_BYTES = 64 << 10;
  private static final int READ_BYTES_MIN = 2 << 10;

  /** A machine that does not even refuse must not hold up the next of the list for long. */
  private static final int CONNECT_MS_MAX = 3_000;

  /** A broker whose machine is gone without a word is given up after both. */
  private static final long KEEP_ALIVE_SECONDS = 15;

  private static final long KEEP_ALIVE_ANSWER_SECONDS = 5;

  private final boolean epoll = Epoll.isAvailable();
  private final IoThread ioThread;
  private final EventLoopGroup loop;
  private final ManagedChannel channel;
  private final Set<ManagedChannel> others = ConcurrentHashMap.newKeySet();

  /** Brokers that the servers have told of. */
  private volatile List<ServerList.Address> more = List.of();

  private volatile boolean closed;

  public Connection(ServerList servers, String role) {
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    ioThread = new IoThread("funes-client-" + role);
    loop = new MultiThreadIoEventLoopGroup(1, ioThread, io);
    channel = open(() -> servers.and(more));
  }

  private ManagedChannel open(Supplier<ServerList> addresses) {
    return anyOf(addresses)
        .usePlaintext()
        .disableRetry()
        .directExecutor()
        .eventLoopGroup(loop)
        .channelFactory(() -> socket(epoll))
        .withOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_BUFFER)
        .withOption(
            ChannelOption.RECVBUF_ALLOCATOR,
            new AdaptiveRecvByteBufAllocator(READ_BYTES_MIN, READ_BYTES, READ_BYTES_MAX))
        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MS_MAX)
        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(KEEP_ALIVE_ANSWER_SECONDS, TimeUnit.SECONDS)
        .flowControlWindow(WINDOW_BYTES)
        .maxInboundMessageSize(MESSAGE_BYTES_MAX)
        .build();
  }

  private static Channel socket(boolean epoll) {
    Channel socket = epoll ? new EpollSocketChannel() : new NioSocketChannel();
    socket.pipeline().addFirst(new WholeFrames());
    return socket;
  }

  /** Its successor is a registry for the whole JVM, where a library has no business. */
  @SuppressWarnings("deprecation")
  private static NettyChannelBuilder anyOf(Supplier<ServerList> addresses) {
    return NettyChannelBuilder.forTarget("funes:///brokers")
        .nameResolverFactory(ServerResolver.factory(addresses));
  }

  /** To any broker. */
  public ManagedChannel channel() {
    return channel;
  }

  /** A new channel to one broker; closed with this connection, if not before. */
  public ManagedChannel channelTo(ServerList one) {
    ManagedChannel opened = open(() -> one);
    others.add(opened);
    if (closed) {
      opened.shutdownNow();
    }
    return opened;
  }

  public void shutdown(ManagedChannel opened) {
    opened.shutdown();
    others.remove(opened);
  }

  /** Where any broker can be found, too, when none of the servers is there any more. */
  public void alsoAt(Collection<ServerList> brokers) {
    more = brokers.stream().flatMap(one -> one.addresses().stream()).toList();
  }

  /** Whether the caller is the thread that must never wait. */
  public boolean onIoThread() {
    return Thread.currentThread().equals(ioThread.thread);
  }

  /** Lets the next call try to connect at once. */
  public void retryConnect() {
    channel.resetConnectBackoff();
  }

  /** Runs something on the I/O thread after a while; nothing once the connection is closed. */
  public void schedule(Runnable work, long delayMs) {
    try {
      Future<?> unused = loop.schedule(() -> run(work), delayMs, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      if (!closed) {
        throw e;
      }
    }
  }

  private static void run(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      log.error("Scheduled work failed", e);
    }
  }

  /** A unary call, repeated while that may help and time is left. */
  public <Q, A> A call(MethodDescriptor<Q, A> method, Q request, long timeoutNanos) {
    Attempts attempts = new Attempts(Ticker.SYSTEM, timeoutNanos);
    while (true) {
      try {
        CallOptions options =
            CallOptions.DEFAULT.withDeadlineAfter(attempts.nextNanos(), TimeUnit.NANOSECONDS);
        return ClientCalls.blockingUnaryCall(channel, method, options, request);
      } catch (StatusRuntimeException e) {
        FunesException failure = closed ? closed(e) : Failures.of(e);
        sleep(attempts.failed(failure), failure);
        retryConnect();
      }
    }
  }

  private static void sleep(long ms, FunesException failure) {
    try {
      TimeUnit.MILLISECONDS.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure;
    }
  }

  public static ClientClosedException closed(Throwable cause) {
    return new ClientClosedException(
        new Failure(ErrorReason.CLIENT_CLOSED, "the client is closed", false, cause));
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    channel.shutdownNow();
    others.forEach(ManagedChannel::shutdownNow);
    Future<?> unused = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  /** Makes the one thread of the loop and remembers it. */
  private static final class IoThread extends DefaultThreadFactory {
    private final String name;
    private volatile Thread thread;

    IoThread(String name) {
      super(name, true);
      this.name = name + "-io";
    }

    @Override
    protected Thread newThread(Runnable work, String ignored) {
      thread = super.newThread(work, name);
      return thread;
    }
  }
}
