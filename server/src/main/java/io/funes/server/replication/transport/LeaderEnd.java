package io.funes.server.replication.transport;

import io.funes.proto.internal.v1.ReplicateRequest;
import io.funes.proto.internal.v1.ReplicateResponse;
import io.funes.server.replication.ReplicaChannel;
import io.funes.server.replication.ReplicaFrame;
import io.funes.server.replication.ReplicaFrame.FromLeader;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusException;

/**
 * The leader's end of a stream. gRPC calls the listener on the server's executor, one call at a
 * time; frames are sent from any thread, and the lock puts them in a row.
 */
final class LeaderEnd extends ServerCall.Listener<ReplicateRequest> implements ReplicaChannel {
  /**
   * Messages that each side asks for before it has taken one: while it takes that one, a network
   * thread unpacks the next.
   */
  static final int MESSAGES_AHEAD = 2;

  /** With less to send than this, the next push is read from the log. */
  private static final int SEND_BYTES_AHEAD = 1 << 20;

  private final ServerCall<ReplicateRequest, ReplicateResponse> call;
  private final GrpcReplicaService service;
  private Receiver receiver;
  private volatile boolean over;

  LeaderEnd(ServerCall<ReplicateRequest, ReplicateResponse> call, GrpcReplicaService service) {
    this.call = call;
    this.service = service;
  }

  void start() {
    call.setOnReadyThreshold(SEND_BYTES_AHEAD);
    call.sendHeaders(new Metadata());
    call.request(MESSAGES_AHEAD);
  }

  @Override
  public boolean isReady() {
    return !over && call.isReady();
  }

  @Override
  public synchronized void send(ReplicaFrame frame) {
    if (!over) {
      call.sendMessage(LeaderFrames.toProto((FromLeader) frame));
    }
  }

  @Override
  public void close() {
    end(Status.UNAVAILABLE.withDescription("this broker leads no more"));
  }

  /** False where it had ended before. */
  private synchronized boolean end(Status status) {
    boolean first = !over;
    over = true;
    if (first) {
      call.close(status, new Metadata());
    }
    return first;
  }

  @Override
  public void onMessage(ReplicateRequest request) {
    if (over) {
      return;
    }
    try {
      if (receiver == null) {
        receiver = service.greet(request, this);
      } else {
        receiver.received(FollowerFrames.fromProto(request));
      }
      call.request(1);
    } catch (UnknownFrame e) {
      broken(Status.INVALID_ARGUMENT.withDescription(e.getMessage()));
    } catch (StatusException e) {
      broken(e.getStatus());
    }
  }

  @Override
  public void onReady() {
    if (!over && receiver != null) {
      receiver.ready();
    }
  }

  @Override
  public void onHalfClose() {
    broken(Status.OK);
  }

  @Override
  public void onCancel() {
    broken(Status.CANCELLED);
  }

  /** Also where what a frame led to has thrown: gRPC has closed the call then. */
  @Override
  public void onComplete() {
    broken(Status.OK);
  }

  private void broken(Status status) {
    if (end(status) && receiver != null) {
      receiver.closed();
    }
  }
}
