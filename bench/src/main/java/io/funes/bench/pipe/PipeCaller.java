package io.funes.bench.pipe;

import io.funes.bench.system.CallSender;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;

/** Unary calls that the server answers without looking at them. */
final class PipeCaller implements CallSender {
  private final ManagedChannel channel;
  private final PipeProtocol protocol;

  PipeCaller(ManagedChannel channel, PipeProtocol protocol) {
    this.channel = channel;
    this.protocol = protocol;
  }

  @Override
  public void call(byte[] value, Consumer<Throwable> done) {
    ClientCalls.asyncUnaryCall(
        channel.newCall(protocol.unary, CallOptions.DEFAULT),
        PipeMessage.of(value, value.length),
        new StreamObserver<>() {
          @Override
          public void onNext(PipeMessage answer) {}

          @Override
          public void onError(Throwable error) {
            done.accept(error);
          }

          @Override
          public void onCompleted() {
            done.accept(null);
          }
        });
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
