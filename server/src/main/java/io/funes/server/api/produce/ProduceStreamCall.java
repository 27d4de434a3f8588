package io.funes.server.api.produce;

import io.funes.proto.v1.ProduceResponse;
import io.funes.proto.v1.ProduceResult;
import io.funes.proto.v1.ProduceStreamResponse;
import io.funes.server.api.mapping.StatusMapping;
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

/**
 * One {@code ProduceStream}. Requests are appended as they arrive, on the thread that received
 * them; answers may come from others, so they are sent under the instance's lock. The client is
 * asked for more only while few answers are owed, which bounds what waits for a disk or a follower.
 */
final class ProduceStreamCall extends ServerCall.Listener<Staging> implements ProduceReply.Sink {
  private static final int OWED_MAX = 1024;

  private final ServerCall<Staging, ProduceStreamResponse> call;
  private final ProduceHandler handler;
  private final AppendStreams forward;
  private final ProduceHandler.Others others;
  private int owed;
  private boolean asked;
  private boolean halfClosed;
  private boolean closed;

  ProduceStreamCall(
      ServerCall<Staging, ProduceStreamResponse> call,
      ProduceHandler handler,
      Caller caller,
      Routes routes) {
    this.call = call;
    this.handler = handler;
    this.forward = new AppendStreams(routes, caller, this::askForMore);
    this.others = new ProduceHandler.Others(caller, forward);
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
    forward.close();
  }

  @Override
  public void onComplete() {
    forward.close();
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
    if (!asked && !closed && owed < OWED_MAX && forward.ready()) {
      asked = true;
      call.request(1);
    }
  }

  private void closeWhenDone() {
    if (halfClosed && owed == 0 && !closed) {
      closed = true;
      call.close(Status.OK, new Metadata());
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
