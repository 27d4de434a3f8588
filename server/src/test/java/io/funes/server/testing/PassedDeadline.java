package io.funes.server.testing;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The deadline of each call passes on its way to the broker, and the client still listens: a real
 * one ends such a call itself.
 */
public final class PassedDeadline implements ServerInterceptor {
  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    try (ScheduledExecutorService unused = Executors.newScheduledThreadPool(0)) {
      Context late = Context.current().withDeadline(Deadline.after(-1, TimeUnit.SECONDS), unused);
      return Contexts.interceptCall(late, call, headers, next);
    }
  }
}
