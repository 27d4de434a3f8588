package io.funes.server.api.produce;

import io.funes.proto.v1.ProduceResponse;
import io.funes.proto.v1.ProduceResult;
import io.funes.proto.v1.ProduceStreamResponse;
import io.funes.server.api.mapping.StatusMapping;
import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.common.RefusedException;
import io.funes.server.replication.Acks;
import io.funes.server.routing.AppendStreams;
import io.funes.server.routing.Caller;
import io.funes.server.routing.Routes;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.function.Consumer;

/**
 * One {@code ProduceStream}. Requests are appended as they arrive, on the thread that received
 * them; answers may come from others, so they are sent under the instance's lock. The client is
 * asked for more only while few answers are owed, which bounds what waits for a disk or a follower.
 */
final class ProduceStreamCall extends ServerCall.Listener<Staging> implements ProduceReply.Sink {
  private static final int OWED_MAX = 1024;

  private static final Refusal STOPPING =
      Refusal.of(
          ErrorCode.BROKER_UNAVAILABLE,
          "the broker is stopping: send what has no answer by way of another one");

  private final ServerCall<Staging, ProduceStreamResponse> call;
  private final ProduceHandler handler;
  private final AppendStreams forward;
  private final ProduceHandler.Others others;
  private final Consumer<ProduceStreamCall> onEnd;
  private int owed;
  private boolean asked;
  private boolean halfClosed;
  private boolean draining;
  private boolean closed;

  /**
   * @param onEnd told when nothing comes and nothing goes any more
   */
  ProduceStreamCall(
      ServerCall<Staging, ProduceStreamResponse> call,
      ProduceHandler handler,
      Caller caller,
      Routes routes,
      Consumer<ProduceStreamCall> onEnd) {
    this.call = call;
    this.handler = handler;
    this.forward = new AppendStreams(routes, caller, this::askForMore);
    this.others = new ProduceHandler.Others(caller, forward);
    this.onEnd = onEnd;
    call.sendHeaders(new Metadata());
    asked = true;
    call.request(1);
  }

  @Override
  public void onMessage(Staging staging) {
    if (!staging.frame.answerable()) {
      close(staging.frame);
      return;
    }
    long correlationId = staging.frame.correlationId;
    ProduceReply reply = new ProduceReply(correlationId, this);
    synchronized (this) {
      if (closed) {
        return; // It was told that this was not taken.
      }
      owed++;
      asked = false;
    }
    if (staging.frame.acks == Acks.NONE) {
      reply = new ProduceReply(correlationId, Unheard.INSTANCE);
      done(correlationId, ProduceResponse.getDefaultInstance());
    }
    try {
      handler.produce(staging, reply, others);
    } catch (RuntimeException e) {
      if (staging.frame.acks != Acks.NONE) {
        refused(correlationId, StatusMapping.refusal(e));
      }
    }
    askForMore();
  }

  /** A message that does not even say which request it is can only end the stream. */
  private synchronized void close(ProduceFrame frame) {
    if (!closed) {
      closed = true;
      try {
        frame.checkReadable();
      } catch (RefusedException e) {
        StatusRuntimeException why = StatusMapping.exception(e);
        call.close(why.getStatus(), why.getTrailers());
      }
    }
  }

  @Override
  public void onHalfClose() {
    synchronized (this) {
      halfClosed = true;
      closeWhenDone();
    }
  }

  @Override
  public void onCancel() {
    synchronized (this) {
      closed = true;
    }
    end();
  }

  @Override
  public void onComplete() {
    end();
  }

  private void end() {
    forward.close();
    onEnd.accept(this);
  }

  /** Takes nothing more: what the client has sent and this has not read was never taken. */
  synchronized void drain() {
    draining = true;
    closeWhenDone();
  }

  @Override
  public void done(long correlationId, ProduceResponse response) {
    send(ProduceResult.newBuilder().setCorrelationId(correlationId).setResponse(response));
  }

  @Override
  public void refused(long correlationId, Refusal refusal) {
    send(
        ProduceResult.newBuilder()
            .setCorrelationId(correlationId)
            .setError(StatusMapping.status(refusal)));
  }

  private void send(ProduceResult.Builder result) {
    synchronized (this) {
      owed--;
      if (!closed) {
        call.sendMessage(ProduceStreamResponse.newBuilder().addResults(result).build());
        closeWhenDone();
      }
    }
    askForMore();
  }

  private synchronized void askForMore() {
    if (!asked && !closed && !draining && owed < OWED_MAX && forward.ready()) {
      asked = true;
      call.request(1);
    }
  }

  private void closeWhenDone() {
    if (owed > 0 || closed) {
      return;
    }
    if (halfClosed) {
      closed = true;
      call.close(Status.OK, new Metadata());
    } else if (draining) {
      closed = true;
      StatusRuntimeException why = StatusMapping.exception(STOPPING.exception());
      call.close(why.getStatus(), why.getTrailers());
    }
  }

  /** Where the outcome of a request with ACKS_NONE goes. */
  private enum Unheard implements ProduceReply.Sink {
    INSTANCE;

    @Override
    public void done(long correlationId, ProduceResponse response) {}

    @Override
    public void refused(long correlationId, Refusal refusal) {}
  }
}
