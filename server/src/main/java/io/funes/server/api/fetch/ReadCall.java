package io.funes.server.api.fetch;

import io.funes.proto.v1.ReadRequest;
import io.funes.server.api.fetch.ReplyMarshaller.Reply;
import io.funes.server.api.mapping.RequestMarshaller;
import io.funes.server.api.mapping.StatusMapping;
import io.funes.server.routing.Caller;
import io.funes.server.routing.ReadForward;
import io.grpc.ServerCall;
import io.grpc.StatusRuntimeException;

/**
 * The receiving side of a {@code Read} stream: the first message binds a session, later ones add
 * credits to it. Once there is a session, it alone ends the call, in one of its turns.
 */
final class ReadCall extends ServerCall.Listener<ReadRequest> {
  /** Several frames may be on their way to the socket before the session is held back. */
  private static final int READY_BYTES = 1 << 20;

  private final ServerCall<ReadRequest, Reply> call;
  private final ReadStreams streams;
  private final Caller caller;
  private final ReadForward forward;
  private ReadSession session;
  private boolean refused;

  ReadCall(
      ServerCall<ReadRequest, Reply> call,
      ReadStreams streams,
      Caller caller,
      ReadForward forward) {
    this.call = call;
    this.streams = streams;
    this.caller = caller;
    this.forward = forward;
    call.setOnReadyThreshold(READY_BYTES);
    call.request(1);
  }

  @Override
  public void onMessage(ReadRequest message) {
    if (refused) {
      return;
    }
    if (message == null) {
      fail(RequestMarshaller.unreadable(call.getMethodDescriptor()));
    } else if (session == null) {
      bind(message);
    } else {
      credit(message);
    }
    call.request(1);
  }

  private void bind(ReadRequest message) {
    try {
      session = new ReadSession(call, message, streams, caller, forward);
    } catch (RuntimeException e) {
      fail(e);
      return;
    }
    streams.add(session);
    session.wake();
  }

  private void credit(ReadRequest message) {
    try {
      boolean creditsOnly =
          message.getTopicsCount() == 0
              && message.getMaxFrameBytes() == 0
              && !message.getUntilEnd()
              && !message.getAllowFollower()
              && message.getAcceptedCodecsCount() == 0;
      if (!creditsOnly || !message.hasCredits() || !session.limited()) {
        throw ReadTargets.invalid(
            "credits",
            "after the first message only credits may come, and only if that one had some");
      }
      session.grant(message.getCredits());
      session.wake();
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private void fail(RuntimeException cause) {
    if (session != null) {
      session.fail(cause);
      return;
    }
    refused = true;
    StatusRuntimeException why = StatusMapping.exception(cause);
    call.close(why.getStatus(), why.getTrailers());
  }

  @Override
  public void onReady() {
    if (session != null) {
      session.wake();
    }
  }

  @Override
  public void onHalfClose() {
    if (session == null && !refused) {
      fail(ReadTargets.invalid("topics", "the first message says what to read"));
    }
  }

  @Override
  public void onCancel() {
    end();
  }

  @Override
  public void onComplete() {
    end();
  }

  private void end() {
    if (session != null) {
      streams.remove(session);
    }
  }
}
