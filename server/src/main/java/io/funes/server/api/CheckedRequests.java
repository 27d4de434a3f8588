package io.funes.server.api;

import io.funes.server.api.mapping.RequestMarshaller;
import io.funes.server.api.mapping.StatusMapping;
import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.common.RefusedException;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.StatusRuntimeException;

/**
 * Ends a call whose request cannot be read, is missing or comes twice, before its handler sees it.
 */
final class CheckedRequests<Q> extends SimpleForwardingServerCallListener<Q> {
  private final ServerCall<Q, ?> call;
  private final boolean takesOne;
  private boolean received;
  private boolean refused;

  private CheckedRequests(ServerCall<Q, ?> call, ServerCall.Listener<Q> handler) {
    super(handler);
    this.call = call;
    this.takesOne = call.getMethodDescriptor().getType().clientSendsOneMessage();
  }

  /** The method with its requests checked, unless it has a marshaller of its own. */
  static <Q, A> ServerMethodDefinition<Q, A> of(ServerMethodDefinition<Q, A> method) {
    MethodDescriptor<Q, A> descriptor = method.getMethodDescriptor();
    if (!(descriptor.getRequestMarshaller() instanceof PrototypeMarshaller)) {
      return method;
    }
    return ServerMethodDefinition.create(
        RequestMarshaller.in(descriptor),
        (call, headers) ->
            new CheckedRequests<>(call, method.getServerCallHandler().startCall(call, headers)));
  }

  @Override
  public void onMessage(Q request) {
    if (request == null) {
      refuse(RequestMarshaller.unreadable(call.getMethodDescriptor()));
    } else if (received && takesOne) {
      refuse(oneRequest());
    } else if (!refused) {
      received = true;
      super.onMessage(request);
    }
  }

  @Override
  public void onHalfClose() {
    if (!received && takesOne) {
      refuse(oneRequest());
    }
    if (!refused) {
      super.onHalfClose();
    }
  }

  private RefusedException oneRequest() {
    return Refusal.of(
            ErrorCode.INVALID_ARGUMENT,
            "%s takes one message, neither none nor several"
                .formatted(call.getMethodDescriptor().getFullMethodName()))
        .exception();
  }

  private void refuse(RefusedException cause) {
    if (!refused) {
      refused = true;
      StatusRuntimeException why = StatusMapping.exception(cause);
      call.close(why.getStatus(), why.getTrailers());
    }
  }
}
