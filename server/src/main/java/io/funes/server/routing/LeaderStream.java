package io.funes.server.routing;

import com.google.protobuf.ByteString;
import io.funes.proto.v1.ProduceResult;
import io.funes.proto.v1.ProduceServiceGrpc;
import io.funes.proto.v1.ProduceStreamResponse;
import io.funes.server.common.Refusal;
import io.funes.server.replication.AppendCallback;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A {@code ProduceStream} to a leader, and the appends whose answers it owes. */
final class LeaderStream extends ClientCall.Listener<ProduceStreamResponse> {
  private static final MethodDescriptor<ByteString, ProduceStreamResponse> PRODUCE_STREAM =
      ProduceServiceGrpc.getProduceStreamMethod().toBuilder(
              Bytes.MARSHALLER, ProduceServiceGrpc.getProduceStreamMethod().getResponseMarshaller())
          .build();

  private final Routes routes;
  private final Leader leader;
  private final Runnable whenReady;
  private final ClientCall<ByteString, ProduceStreamResponse> call;
  private final Map<Long, AppendCallback> owed = new HashMap<>();
  private long sent;
  private volatile Refusal ended;
  private boolean halfClosed;

  LeaderStream(Routes routes, Leader leader, Caller caller, Runnable whenReady) {
    this.routes = routes;
    this.leader = leader;
    this.whenReady = whenReady;
    this.call = RemoteCall.open(routes, leader, PRODUCE_STREAM, caller.options(), caller.onward());
    caller.context().run(() -> call.start(this, new Metadata()));
    call.request(1);
  }

  /** Sends the request; it is answered in any case. One thread at a time. */
  void append(ByteString request, AppendCallback callback) {
    Refusal why;
    synchronized (this) {
      why = ended;
      if (why == null) {
        owed.put(++sent, callback);
      }
    }
    if (why == null) {
      call.sendMessage(AppendMessage.inStream(sent, request));
    } else {
      callback.refused(why);
    }
  }

  boolean ended() {
    return ended != null;
  }

  boolean ready() {
    return call.isReady() || ended();
  }

  void close() {
    if (ended == null && !halfClosed) {
      halfClosed = true;
      call.halfClose();
    }
  }

  @Override
  public void onMessage(ProduceStreamResponse message) {
    for (ProduceResult result : message.getResultsList()) {
      AppendCallback callback;
      synchronized (this) {
        callback = owed.remove(result.getCorrelationId());
      }
      if (callback == null) {
        continue;
      }
      if (result.hasError()) {
        callback.refused(RemoteRefusals.of(result.getError()));
      } else {
        AppendMessage.answer(result.getResponse(), callback);
      }
    }
    call.request(1);
  }

  @Override
  public void onReady() {
    whenReady.run();
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    routes.failed(leader);
    Refusal why =
        status.isOk()
            ? RemoteRefusals.unreachable(leader, Status.UNAVAILABLE.withDescription("it ended"))
            : RemoteRefusals.of(
                RemoteRefusals.told(status, status.asRuntimeException(trailers), leader));
    List<AppendCallback> unanswered;
    synchronized (this) {
      ended = why;
      unanswered = new ArrayList<>(owed.values());
      owed.clear();
    }
    unanswered.forEach(callback -> callback.refused(why));
    whenReady.run();
  }
}
