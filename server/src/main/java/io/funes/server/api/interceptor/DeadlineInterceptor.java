package io.funes.server.api.interceptor;

import io.funes.server.api.mapping.StatusMapping;
import io.funes.server.common.ErrorCode;
import io.funes.server.common.RefusedException;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;

/** Refuses a call whose deadline has passed before its work begins. */
public final class DeadlineInterceptor implements ServerInterceptor {
  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    io.grpc.Deadline deadline = Context.current().getDeadline();
    if (deadline == null || !deadline.isExpired()) {
      return next.startCall(call, headers);
    }
    StatusRuntimeException why =
        StatusMapping.exception(
            new RefusedException(
                ErrorCode.DEADLINE_PASSED,
                "the deadline had passed when the call came: allow more time"));
    call.close(why.getStatus(), why.getTrailers());
    return new ServerCall.Listener<>() {};
  }
}
