package io.funes.server.replication.transport;

import io.funes.proto.internal.v1.ReplicateRequest;
import io.funes.proto.internal.v1.ReplicateResponse;
import io.funes.proto.internal.v1.ReplicationServiceGrpc;
import io.funes.server.replication.ReplicaChannel;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/**
 * Opens this broker's streams to leaders, over one connection to each of them. What comes on them
 * is written to logs, by threads that do nothing else: a virtual one would keep its carrier while
 * it waits for the disk, and Raft and heartbeats, which share those, would wait with it.
 */
public final class GrpcReplicaConnector implements ReplicaChannel.Connector, AutoCloseable {
  /** A push, which is one batch where that is larger: 4 MiB at most, as clients send it. */
  private static final int MESSAGE_BYTES_MAX = 5 << 20;

  private static final int THREADS = 2;

  private final UUID clusterId;
  private final int brokerId;
  private final LongSupplier brokerEpoch;
  private final IntFunction<Optional<String>> addresses;
  private final Function<String, ManagedChannel> connect;
  private final CallOptions options;
  private final ExecutorService threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          Thread.ofPlatform().daemon().name("funes-follow-", 0).factory(),
          new ThreadPoolExecutor.DiscardPolicy()); // When it is closed.
  private final Map<Integer, Connection> connections = new HashMap<>();

  private record Connection(String address, ManagedChannel channel) {}

  /**
   * Without any connection yet.
   *
   * @param brokerId of this broker
   * @param brokerEpoch of this broker's registration, -1 before it
   * @param addresses host:port of the internal listener of a broker, empty where it is not known
   * @param connect makes the connection to an address, lazily as gRPC does; {@link
   *     ReplicaConnections} for one
   */
  public GrpcReplicaConnector(
      UUID clusterId,
      int brokerId,
      LongSupplier brokerEpoch,
      IntFunction<Optional<String>> addresses,
      Function<String, ManagedChannel> connect) {
    this.clusterId = clusterId;
    this.brokerId = brokerId;
    this.brokerEpoch = brokerEpoch;
    this.addresses = addresses;
    this.connect = connect;
    this.options =
        CallOptions.DEFAULT.withExecutor(threads).withMaxInboundMessageSize(MESSAGE_BYTES_MAX);
  }

  /**
   * Connects to a broker that may lead: when it does, appends wait for the first stream to it, and
   * should not wait for a connection too.
   */
  public void prepare(int leaderId) {
    addresses.apply(leaderId).ifPresent(address -> channel(leaderId, address).getState(true));
  }

  /** With room of its own for what one stream receives. */
  private static MethodDescriptor<ReplicateRequest, ReplicateResponse> replicate() {
    MethodDescriptor<ReplicateRequest, ReplicateResponse> method =
        ReplicationServiceGrpc.getReplicateMethod();
    return method.toBuilder(
            method.getRequestMarshaller(), new ResponseMarshaller(method.getResponseMarshaller()))
        .build();
  }

  @Override
  public ReplicaChannel connect(int leaderId, ReplicaChannel.Receiver receiver) {
    Optional<String> address = addresses.apply(leaderId);
    if (address.isEmpty()) {
      return new NoStream(receiver, threads);
    }
    ManagedChannel channel = channel(leaderId, address.get());
    FollowerEnd end =
        new FollowerEnd(leaderId, channel, channel.newCall(replicate(), options), receiver);
    end.start(hello(leaderId));
    return end;
  }

  private ReplicateRequest hello(int leaderId) {
    ReplicateRequest.Builder request = ReplicateRequest.newBuilder();
    request
        .getHelloBuilder()
        .setClusterId(Uuids.toProto(clusterId))
        .setBrokerId(brokerId)
        .setBrokerEpoch(brokerEpoch.getAsLong())
        .setLeaderId(leaderId);
    return request.build();
  }

  private synchronized ManagedChannel channel(int leaderId, String address) {
    Connection known = connections.get(leaderId);
    if (known != null && known.address.equals(address)) {
      return known.channel;
    }
    if (known != null) {
      known.channel.shutdown();
    }
    ManagedChannel channel = connect.apply(address);
    connections.put(leaderId, new Connection(address, channel));
    return channel;
  }

  /** Ends all connections; streams that still stand break. */
  @Override
  public synchronized void close() {
    connections.values().forEach(connection -> connection.channel.shutdownNow());
    threads.shutdown();
  }
}
