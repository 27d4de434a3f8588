package io.funes.server.routing;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;

/** Calls to a leader. */
final class RemoteCall {
  private RemoteCall() {}

  /**
   * One unary call. The future fails with gRPC's exception; cancelling it cancels the call. Begun
   * in the caller's context, so it ends when the caller goes away.
   */
  static <Q> CompletableFuture<ByteString> unary(
      Routes routes, Leader leader, MethodDescriptor<Q, ByteString> method, Q request, Caller by) {
    CompletableFuture<ByteString> answer = new CompletableFuture<>();
    by.context()
        .run(() -> {
          ClientCall<Q, ByteString> call = open(routes, leader, method, by.options(), by.onward());
          var _ =
              answer.whenComplete((message, failure) -> {
                if (answer.isCancelled()) {
                  call.cancel("no longer needed", null);
                }
              });
          ClientCalls.asyncUnaryCall(call, request, new Answering(answer, routes, leader));
        });
    return answer;
  }

  static <Q, A> ClientCall<Q, A> open(
      Routes routes,
      Leader leader,
      MethodDescriptor<Q, A> method,
      CallOptions options,
      Metadata headers) {
    return ClientInterceptors.intercept(
            routes.channel(leader), MetadataUtils.newAttachHeadersInterceptor(headers))
        .newCall(method, options);
  }

  private record Answering(CompletableFuture<ByteString> answer, Routes routes, Leader leader)
      implements StreamObserver<ByteString> {
    @Override
    public void onNext(ByteString message) {
      answer.complete(message);
    }

    @Override
    public void onError(Throwable error) {
      routes.failed(leader);
      answer.completeExceptionally(RemoteRefusals.told(Status.fromThrowable(error), error, leader));
    }

    @Override
    public void onCompleted() {
      // The answer came before.
    }
  }
}
