package io.funes.server.replication.transport;

import io.funes.proto.internal.v1.ReplicateRequest;
import io.funes.proto.internal.v1.ReplicateResponse;
import io.funes.server.replication.ReplicaChannel;
import io.funes.server.replication.ReplicaFrame;
import io.funes.server.replication.ReplicaFrame.FromFollower;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The follower's end of a stream. gRPC calls the listener on the connector's executor, one call at
 * a time; frames are sent from any thread, and the lock puts them in a row.
 */
final class FollowerEnd extends ClientCall.Listener<ReplicateResponse> implements ReplicaChannel {
  private static final Logger LOG = LoggerFactory.getLogger(FollowerEnd.class);

  private final int leaderId;
  private final ManagedChannel channel;
  private final ClientCall<ReplicateRequest, ReplicateResponse> call;
  private final Receiver receiver;
  private volatile boolean over;

  /** The leader has answered: that it ends is news. */
  private boolean stood;

  FollowerEnd(
      int leaderId,
      ManagedChannel channel,
      ClientCall<ReplicateRequest, ReplicateResponse> call,
      Receiver receiver) {
    this.leaderId = leaderId;
    this.channel = channel;
    this.call = call;
    this.receiver = receiver;
  }

  synchronized void start(ReplicateRequest hello) {
    call.start(this, new Metadata());
    call.request(LeaderEnd.MESSAGES_AHEAD);
    call.sendMessage(hello);
  }

  @Override
  public boolean isReady() {
    return !over && call.isReady();
  }

  @Override
  public synchronized void send(ReplicaFrame frame) {
    if (!over) {
      call.sendMessage(FollowerFrames.toProto((FromFollower) frame));
    }
  }

  @Override
  public void close() {
    end("this broker follows no more");
  }

  /** False where it had ended before. */
  private synchronized boolean end(String why) {
    boolean first = !over;
    over = true;
    if (first) {
      call.cancel(why, null);
    }
    return first;
  }

  @Override
  public void onHeaders(Metadata headers) {
    stood = true;
  }

  @Override
  public void onMessage(ReplicateResponse response) {
    if (!over) {
      receiver.received(LeaderFrames.fromProto(response));
      call.request(1);
    }
  }

  @Override
  public void onReady() {
    if (!over) {
      receiver.ready();
    }
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    // gRPC waits longer after each failure to connect, up to two minutes. LeaderLink has its own
    // pauses, and a broker that is back should be reached at its next try.
    if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
      channel.resetConnectBackoff();
    }
    if (end("broken")) {
      if (isUsual(status)) {
        Level level = stood ? Level.INFO : Level.DEBUG;
        LOG.atLevel(level).log("the stream to broker {} broke: {}", leaderId, inOneLine(status));
      } else {
        LOG.warn("the stream to broker {} broke: {}", leaderId, status);
      }
      receiver.closed();
    }
  }

  /** Without the trace that a status prints of its cause. */
  private static String inOneLine(Status status) {
    Throwable cause = status.getCause();
    return "%s, %s%s"
        .formatted(
            status.getCode(),
            status.getDescription(),
            cause == null ? "" : " (" + cause.getMessage() + ")");
  }

  /** Brokers come and go. A refusal, or a frame that could not be taken, is for people. */
  private static boolean isUsual(Status status) {
    return switch (status.getCode()) {
      case UNAVAILABLE -> true;
      case CANCELLED -> status.getCause() == null;
      default -> false;
    };
  }
}
