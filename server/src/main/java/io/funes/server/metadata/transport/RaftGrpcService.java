package io.funes.server.metadata.transport;

import com.google.protobuf.UnsafeByteOperations;
import io.funes.proto.internal.v1.ExchangeRequest;
import io.funes.proto.internal.v1.ExchangeResponse;
import io.funes.proto.internal.v1.RaftServiceGrpc;
import io.funes.server.metadata.raft.RaftCall;
import io.funes.server.metadata.raft.RaftHandler;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Gives the other brokers' calls to the metadata log, off the network threads. */
public final class RaftGrpcService extends RaftServiceGrpc.RaftServiceImplBase {
  /** A piece of a snapshot, or the entries of one call, and what is around them. */
  public static final int MESSAGE_BYTES_MAX = 16 << 20;

  private final RaftHandler handler;
  private final Executor executor;

  /**
   * For one metadata log.
   *
   * @param executor its threads wait for the disk
   */
  public RaftGrpcService(RaftHandler handler, Executor executor) {
    this.handler = handler;
    this.executor = executor;
  }

  @Override
  public void exchange(ExchangeRequest request, StreamObserver<ExchangeResponse> responses) {
    Optional<RaftCall> kind = CallKinds.fromProto(request.getKind());
    if (kind.isEmpty()) {
      responses.onError(
          Status.INVALID_ARGUMENT
              .withDescription("this broker does not know calls of kind " + request.getKindValue())
              .asRuntimeException());
      return;
    }
    try {
      executor.execute(() -> answer(kind.get(), request.getBody().toByteArray(), responses));
    } catch (RejectedExecutionException e) {
      fail(responses, e);
    }
  }

  private void answer(RaftCall kind, byte[] body, StreamObserver<ExchangeResponse> responses) {
    try {
      var _ =
          handler
              .handle(kind, body)
              .whenComplete((bytes, error) -> {
                if (error == null) {
                  responses.onNext(
                      ExchangeResponse.newBuilder()
                          .setBody(UnsafeByteOperations.unsafeWrap(bytes))
                          .build());
                  responses.onCompleted();
                } else {
                  fail(responses, error);
                }
              });
    } catch (IOException | RuntimeException e) {
      fail(responses, e);
    }
  }

  private static void fail(StreamObserver<ExchangeResponse> responses, Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    responses.onError(
        Status.UNAVAILABLE.withDescription(cause.toString()).withCause(cause).asRuntimeException());
  }
}
