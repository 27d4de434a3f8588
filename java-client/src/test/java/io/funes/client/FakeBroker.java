package io.funes.client;

import io.funes.proto.v1.ErrorReason;
import io.grpc.BindableService;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A broker in memory behind real gRPC on loopback, with faults on demand. Logs are guarded by the
 * map of topics, which the brokers of a {@link FakeCluster} share.
 */
final class FakeBroker implements AutoCloseable {
  final Map<String, FakeTopic> topics;
  final FakeProduce produce = new FakeProduce(this);
  final FakeFetch fetch = new FakeFetch(this);
  final FakeTopics topicService = new FakeTopics(this);
  final AtomicInteger refuseCalls = new AtomicInteger();
  private final List<ServerCall<?, ?>> calls = new CopyOnWriteArrayList<>();
  private final List<BindableService> more;
  private Server server;
  private int port;

  FakeBroker() {
    this(new TreeMap<>());
  }

  FakeBroker(Map<String, FakeTopic> topics, BindableService... more) {
    this.topics = topics;
    this.more = List.of(more);
    start();
  }

  void start() {
    try {
      NettyServerBuilder builder =
          NettyServerBuilder.forAddress(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
              .directExecutor()
              .flowControlWindow(8 << 20)
              .maxInboundMessageSize(64 << 20)
              .intercept(new Faults())
              .addService(produce)
              .addService(fetch)
              .addService(topicService);
      more.forEach(builder::addService);
      server = builder.build().start();
      port = server.getPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  /** Of one that knows this broker. */
  Producer.Builder producer() {
    return Producer.builder().server(address());
  }

  /** Makes a topic, or makes it anew: with another id and empty. */
  FakeTopic topic(String name, int partitions) {
    synchronized (topics) {
      FakeTopic topic = new FakeTopic(name, partitions);
      topics.put(name, topic);
      return topic;
    }
  }

  FakeTopic find(String name) {
    FakeTopic topic = topics.get(name);
    if (topic == null) {
      throw Refusals.exception(ErrorReason.ERROR_REASON_UNKNOWN_TOPIC, "no topic " + name);
    }
    return topic;
  }

  /** The topic of this name; of this id too, unless that is empty. */
  FakeTopic find(String name, String id) {
    FakeTopic topic = find(name);
    if (!id.isEmpty() && !id.equals(topic.id)) {
      throw Refusals.topicRecreated(name);
    }
    return topic;
  }

  /** Ends all calls under way with this status. */
  void breakCalls(Status status) {
    for (ServerCall<?, ?> call : calls) {
      close(call, status);
    }
  }

  private static void close(ServerCall<?, ?> call, Status status) {
    try {
      call.close(status, new Metadata());
    } catch (IllegalStateException e) {
      // It ended by itself.
    }
  }

  void stop() {
    server.shutdownNow();
    try {
      server.awaitTermination();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop();
  }

  /** Remembers calls, and refuses as many as told. */
  private final class Faults implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      if (refuseCalls.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        call.close(Status.UNAVAILABLE.withDescription("told to refuse"), new Metadata());
        return new ServerCall.Listener<>() {};
      }
      calls.add(call);
      return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
        @Override
        public void onCancel() {
          calls.remove(call);
          super.onCancel();
        }

        @Override
        public void onComplete() {
          calls.remove(call);
          super.onComplete();
        }
      };
    }
  }
}
