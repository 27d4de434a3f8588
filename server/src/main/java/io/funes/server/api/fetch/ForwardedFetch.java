package io.funes.server.api.fetch;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.funes.proto.v1.FetchRequest;
import io.funes.proto.v1.ListOffsetsResponse;
import io.funes.server.api.fetch.ReplyMarshaller.Reply;
import io.funes.server.api.mapping.StatusMapping;
import io.funes.server.common.RefusedException;
import io.funes.server.routing.Caller;
import io.funes.server.routing.ReadForward;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.CompletionException;

/** A {@code Fetch} in case that it has to be answered by other brokers. */
final class ForwardedFetch {
  private final ServerCall<FetchRequest, Reply> call;
  private final FetchRequest request;
  private final Caller caller;
  private final ReadForward forward;
  private final ReadStreams streams;

  /** What waits at the leaders ends with it. */
  private Context.CancellableContext waiting;

  private volatile boolean drained;

  ForwardedFetch(
      ServerCall<FetchRequest, Reply> call,
      FetchRequest request,
      Caller caller,
      ReadForward forward,
      ReadStreams streams) {
    this.call = call;
    this.request = request;
    this.caller = caller;
    this.forward = forward;
    this.streams = streams;
  }

  /**
   * Sends it on, and ends the call with what comes back.
   *
   * @throws RefusedException when it may not go on
   */
  void start(RefusedException refused) {
    if (!forward.takes(refused, caller)) {
      throw refused;
    }
    waiting = caller.context().withCancellation();
    streams.add(this);
    try {
      ReadForward.Answer answer = forward.fetch(request, caller.in(waiting), refused);
      var _ =
          answer
              .message()
              .whenComplete((message, failure) -> {
                streams.remove(this);
                if (failure != null && drained) {
                  askAgain(refused);
                } else {
                  end(answer, message, failure);
                }
              });
    } catch (RuntimeException e) {
      streams.remove(this);
      throw e;
    }
  }

  /** Waits no longer: it is answered with what there is, as one that waits here. */
  void drain() {
    drained = true;
    waiting.cancel(null);
  }

  private void askAgain(RefusedException refused) {
    FetchRequest atOnce = request.toBuilder().setMaxWaitMs(0).build();
    try {
      ReadForward.Answer answer = forward.fetch(atOnce, caller, refused);
      var _ = answer.message().whenComplete((message, failure) -> end(answer, message, failure));
    } catch (RuntimeException e) {
      StatusRuntimeException why = StatusMapping.exception(e);
      call.close(why.getStatus(), why.getTrailers());
    }
  }

  private void end(ReadForward.Answer answer, ByteString message, Throwable failure) {
    if (failure == null) {
      call.sendHeaders(new Metadata());
      call.sendMessage(new Reply.Encoded(message));
      call.close(Status.OK, answer.addTo(new Metadata()));
    } else {
      StatusRuntimeException why = told(failure);
      Metadata trailers = why.getTrailers() == null ? new Metadata() : why.getTrailers();
      call.close(why.getStatus(), answer.addTo(trailers));
    }
  }

  /** What a leader said stands for itself; all else is a fault of this broker. */
  static StatusRuntimeException told(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return cause instanceof StatusRuntimeException said ? said : StatusMapping.exception(cause);
  }

  static ListOffsetsResponse listOffsetsResponse(ByteString message) {
    try {
      return ListOffsetsResponse.parseFrom(message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a leader's answer cannot be read", e);
    }
  }
}
