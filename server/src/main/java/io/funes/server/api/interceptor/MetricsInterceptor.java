package io.funes.server.api.interceptor;

import io.funes.server.common.Ticker;
import io.funes.server.metrics.Metrics;
import io.funes.server.metrics.Metrics.Label;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts calls by method and outcome, and times unary ones. */
public final class MetricsInterceptor implements ServerInterceptor {
  private final Metrics metrics;
  private final Ticker ticker;
  private final Map<String, Method> methods = new ConcurrentHashMap<>();

  /** The instruments of one method; outcomes are made when they first occur. */
  private record Method(
      Metrics.Counter started, Metrics.Timer duration, Map<Status.Code, Metrics.Counter> ended) {}

  public MetricsInterceptor(Metrics metrics, Ticker ticker) {
    this.metrics = metrics;
    this.ticker = ticker;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    MethodDescriptor<Q, A> descriptor = call.getMethodDescriptor();
    Method method = methods.computeIfAbsent(descriptor.getFullMethodName(), this::instruments);
    method.started.increment();
    boolean timed = descriptor.getType() == MethodDescriptor.MethodType.UNARY;
    long startNanos = timed ? ticker.nanos() : 0;
    return next.startCall(
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void close(Status status, Metadata trailers) {
            ended(method, descriptor, status.getCode()).increment();
            if (timed) {
              method.duration.recordNanos(ticker.nanos() - startNanos);
            }
            super.close(status, trailers);
          }
        },
        headers);
  }

  private Method instruments(String fullName) {
    Label label = new Label("method", fullName);
    return new Method(
        metrics.counter("funes_rpc_started_total", "Calls that began.", label),
        metrics.timer(
            "funes_rpc_duration_seconds", "Time from start to answer of unary calls.", label),
        new ConcurrentHashMap<>());
  }

  private Metrics.Counter ended(
      Method method, MethodDescriptor<?, ?> descriptor, Status.Code code) {
    return method.ended.computeIfAbsent(
        code,
        newCode ->
            metrics.counter(
                "funes_rpc_ended_total",
                "Calls that ended, by gRPC status code.",
                new Label("method", descriptor.getFullMethodName()),
                new Label("code", newCode.name())));
  }
}
