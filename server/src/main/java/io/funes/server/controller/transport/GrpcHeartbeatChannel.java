package io.funes.server.controller.transport;

import io.funes.proto.internal.v1.ControllerServiceGrpc;
import io.funes.proto.internal.v1.HeartbeatRequest;
import io.funes.proto.internal.v1.HeartbeatResponse;
import io.funes.server.controller.Heartbeat;
import io.funes.server.controller.HeartbeatChannel;
import io.funes.server.metadata.BrokerImage;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.function.Function;

/**
 * A connection of its own for each stream: heartbeats do not wait behind records, and a stream that
 * is opened again does not get the connection that hangs.
 */
public final class GrpcHeartbeatChannel implements HeartbeatChannel {
  private final Function<String, ManagedChannel> connect;

  /**
   * Without any connection yet.
   *
   * @param connect makes the connection to an address, lazily as gRPC does
   */
  public GrpcHeartbeatChannel(Function<String, ManagedChannel> connect) {
    this.connect = connect;
  }

  @Override
  public Stream open(BrokerImage controller, Receiver receiver) {
    ManagedChannel channel = connect.apply(controller.internalAddress());
    Responses responses = new Responses(receiver, channel);
    var _ = ControllerServiceGrpc.newStub(channel).heartbeat(responses);
    return responses;
  }

  /** Both ends of one stream. */
  private static final class Responses
      implements Stream, ClientResponseObserver<HeartbeatRequest, HeartbeatResponse> {
    private final Receiver receiver;
    private final ManagedChannel channel;
    private ClientCallStreamObserver<HeartbeatRequest> requests;

    Responses(Receiver receiver, ManagedChannel channel) {
      this.receiver = receiver;
      this.channel = channel;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<HeartbeatRequest> call) {
      requests = call;
    }

    @Override
    public void send(Heartbeat beat) {
      requests.onNext(HeartbeatMapping.toProto(beat));
    }

    @Override
    public void close() {
      channel.shutdownNow();
    }

    @Override
    public void onNext(HeartbeatResponse response) {
      receiver.answered(HeartbeatMapping.fromProto(response));
    }

    @Override
    public void onError(Throwable error) {
      channel.shutdownNow();
      receiver.ended(Status.fromThrowable(error).toString());
    }

    @Override
    public void onCompleted() {
      channel.shutdownNow();
      receiver.ended("the controller ended it");
    }
  }
}
