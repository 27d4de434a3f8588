package io.funes.server.api.produce;

import io.funes.proto.v1.ProduceResponse;
import io.funes.server.api.mapping.StatusMapping;
import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.common.RefusedException;
import io.funes.server.replication.Acks;
import io.funes.server.routing.Caller;
import io.funes.server.routing.Routes;
import io.funes.server.routing.UnaryAppends;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/**
 * One {@code Produce} call. It is handled when its message arrives: nothing can follow that would
 * change it.
 */
final class UnaryProduce extends ServerCall.Listener<Staging> implements ProduceReply.Sink {
  private final ServerCall<Staging, ProduceResponse> call;
  private final ProduceHandler handler;
  private final Caller caller;
  private final UnaryAppends forward;
  private boolean received;
  private boolean answered;

  UnaryProduce(
      ServerCall<Staging, ProduceResponse> call,
      ProduceHandler handler,
      Caller caller,
      Routes routes) {
    this.call = call;
    this.handler = handler;
    this.caller = caller;
    this.forward = new UnaryAppends(routes, caller);
    call.request(2);
  }

  @Override
  public void onMessage(Staging staging) {
    if (received) {
      close(oneRequest());
      return;
    }
    received = true;
    if (staging.frame.acks == Acks.NONE) {
      done(0, ProduceResponse.getDefaultInstance());
    }
    try {
      handler.produce(
          staging, new ProduceReply(0, this), new ProduceHandler.Others(caller, forward));
    } catch (RuntimeException e) {
      close(StatusMapping.exception(e));
    }
  }

  @Override
  public void onHalfClose() {
    if (!received) {
      close(oneRequest());
    }
  }

  private static StatusRuntimeException oneRequest() {
    return StatusMapping.exception(
        new RefusedException(
            ErrorCode.INVALID_ARGUMENT, "Produce takes one message, neither none nor several"));
  }

  @Override
  public synchronized void done(long correlationId, ProduceResponse response) {
    if (!answered) {
      answered = true;
      call.sendHeaders(new Metadata());
      call.sendMessage(response);
      call.close(Status.OK, forward.addTo(new Metadata()));
    }
  }

  @Override
  public void refused(long correlationId, Refusal refusal) {
    close(StatusMapping.exception(refusal.exception()));
  }

  @Override
  public synchronized void onCancel() {
    answered = true;
  }

  private synchronized void close(StatusRuntimeException why) {
    if (!answered) {
      answered = true;
      call.close(why.getStatus(), forward.addTo(why.getTrailers()));
    }
  }
}
