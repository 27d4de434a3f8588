package io.funes.server.controller.transport;

import io.funes.proto.internal.v1.ControllerServiceGrpc;
import io.funes.proto.internal.v1.HeartbeatRequest;
import io.funes.proto.internal.v1.HeartbeatResponse;
import io.funes.server.controller.BrokerLife;
import io.funes.server.controller.Controller;
import io.funes.server.controller.Heartbeat;
import io.funes.server.controller.HeartbeatAnswer;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Optional;

/** Gives heartbeats to the controller, and tells it whose stream has ended. */
public final class ControllerGrpcService extends ControllerServiceGrpc.ControllerServiceImplBase {
  private final Controller controller;

  public ControllerGrpcService(Controller controller) {
    this.controller = controller;
  }

  @Override
  public StreamObserver<HeartbeatRequest> heartbeat(StreamObserver<HeartbeatResponse> responses) {
    return new Stream(responses);
  }

  /** gRPC calls one method at a time. */
  private final class Stream implements StreamObserver<HeartbeatRequest> {
    private final StreamObserver<HeartbeatResponse> responses;
    private Optional<BrokerLife> broker = Optional.empty();
    private boolean ended;

    Stream(StreamObserver<HeartbeatResponse> responses) {
      this.responses = responses;
    }

    @Override
    public void onNext(HeartbeatRequest request) {
      if (ended) {
        return;
      }
      Heartbeat beat = HeartbeatMapping.fromProto(request);
      if (broker.isPresent() && !broker.get().equals(beat.from())) {
        fail(Status.INVALID_ARGUMENT, "a stream is one broker's in one epoch: open another");
        broken();
        return;
      }
      Optional<HeartbeatAnswer> answer = controller.heard(beat);
      if (answer.isEmpty()) {
        fail(Status.UNAVAILABLE, "this broker is not the controller: look for it again");
        return;
      }
      broker = Optional.of(beat.from());
      responses.onNext(HeartbeatMapping.toProto(answer.get()));
    }

    @Override
    public void onError(Throwable error) {
      broken();
    }

    @Override
    public void onCompleted() {
      if (!ended) {
        responses.onCompleted();
      }
      broken();
    }

    private void fail(Status status, String why) {
      ended = true;
      responses.onError(status.withDescription(why).asRuntimeException());
    }

    private void broken() {
      broker.ifPresent(controller::broken);
      broker = Optional.empty();
    }
  }
}
