package io.funes.server.metadata.transport;

import io.funes.proto.internal.v1.JoinRequest;
import io.funes.proto.internal.v1.JoinResponse;
import io.funes.proto.internal.v1.JoinServiceGrpc;
import io.funes.server.metadata.MetadataCommand;
import io.funes.server.metadata.MetadataLog;
import io.funes.server.metadata.Outcome;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.UUID;

/** Gives new brokers their ids. */
public final class JoinGrpcService extends JoinServiceGrpc.JoinServiceImplBase {
  private final MetadataLog metadata;
  private final UUID clusterId;

  public JoinGrpcService(MetadataLog metadata, UUID clusterId) {
    this.metadata = metadata;
    this.clusterId = clusterId;
  }

  @Override
  public void join(JoinRequest request, StreamObserver<JoinResponse> responses) {
    UUID token;
    try {
      token = UUID.fromString(request.getToken());
    } catch (IllegalArgumentException e) {
      responses.onError(
          Status.INVALID_ARGUMENT.withDescription("the token is no UUID").asRuntimeException());
      return;
    }
    var _ =
        metadata
            .submit(new MetadataCommand.JoinBroker(token))
            .whenComplete((outcome, error) -> {
              if (outcome instanceof Outcome.Applied(Outcome.BrokerJoined(int nodeId))) {
                responses.onNext(
                    JoinResponse.newBuilder()
                        .setClusterId(clusterId.toString())
                        .setNodeId(nodeId)
                        .build());
                responses.onCompleted();
              } else {
                responses.onError(
                    Status.UNAVAILABLE
                        .withDescription(String.valueOf(error == null ? outcome : error))
                        .asRuntimeException());
              }
            });
  }
}
