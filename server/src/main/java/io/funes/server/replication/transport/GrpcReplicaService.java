package io.funes.server.replication.transport;

import io.funes.proto.internal.v1.ReplicateRequest;
import io.funes.proto.internal.v1.ReplicateRequest.Hello;
import io.funes.proto.internal.v1.ReplicateResponse;
import io.funes.proto.internal.v1.ReplicationServiceGrpc;
import io.funes.server.replication.FollowerFeeds;
import io.funes.server.replication.ReplicaChannel;
import io.grpc.BindableService;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusException;
import java.util.UUID;

/** Takes the streams of followers that mean this broker. */
public final class GrpcReplicaService implements BindableService {
  private final Feeds feeds;
  private final UUID clusterId;
  private final int brokerId;

  /** As {@link FollowerFeeds#accept}. */
  interface Feeds {
    ReplicaChannel.Receiver accept(int followerId, long brokerEpoch, ReplicaChannel channel);
  }

  /**
   * For one broker.
   *
   * @param feeds serve what is accepted
   * @param brokerId of this broker
   */
  public GrpcReplicaService(FollowerFeeds feeds, UUID clusterId, int brokerId) {
    this(feeds::accept, clusterId, brokerId);
  }

  GrpcReplicaService(Feeds feeds, UUID clusterId, int brokerId) {
    this.feeds = feeds;
    this.clusterId = clusterId;
    this.brokerId = brokerId;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder(ReplicationServiceGrpc.getServiceDescriptor())
        .addMethod(ReplicationServiceGrpc.getReplicateMethod(), (call, _) -> replicate(call))
        .build();
  }

  private LeaderEnd replicate(ServerCall<ReplicateRequest, ReplicateResponse> call) {
    LeaderEnd end = new LeaderEnd(call, this);
    end.start();
    return end;
  }

  /** Who hears of the stream, if its first message is a hello to this broker. */
  ReplicaChannel.Receiver greet(ReplicateRequest first, ReplicaChannel channel)
      throws StatusException {
    if (!first.hasHello()) {
      throw Status.INVALID_ARGUMENT
          .withDescription("the first message of a stream must be a hello")
          .asException();
    }
    Hello hello = first.getHello();
    UUID cluster = Uuids.fromProto(hello.getClusterId());
    if (!cluster.equals(clusterId)) {
      throw refusal(
          "broker %d is of cluster %s, and broker %d, which wants to follow it, of cluster %s: one of them has an internal address of the other cluster"
              .formatted(brokerId, clusterId, hello.getBrokerId(), cluster));
    }
    if (hello.getLeaderId() != brokerId) {
      throw refusal(
          "this is broker %d, not broker %d: has an internal address been given to another broker?"
              .formatted(brokerId, hello.getLeaderId()));
    }
    return feeds.accept(hello.getBrokerId(), hello.getBrokerEpoch(), channel);
  }

  private static StatusException refusal(String why) {
    return Status.FAILED_PRECONDITION.withDescription(why).asException();
  }
}
