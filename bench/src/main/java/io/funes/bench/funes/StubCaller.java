package io.funes.bench.funes;

import com.google.protobuf.ByteString;
import io.funes.bench.system.CallSender;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.ProduceResponse;
import io.funes.proto.v1.ProduceServiceGrpc;
import io.funes.proto.v1.Record;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;

/** The generated stub, as a user without the Java client would use it. */
final class StubCaller implements CallSender {
  private final ManagedChannel channel;
  private final ProduceServiceGrpc.ProduceServiceStub stub;
  private final String topic;

  StubCaller(ManagedChannel channel, String topic) {
    this.channel = channel;
    this.topic = topic;
    stub = ProduceServiceGrpc.newStub(channel);
  }

  @Override
  public void call(byte[] value, Consumer<Throwable> done) {
    ProduceRequest request =
        ProduceRequest.newBuilder()
            .setTopic(topic)
            .addRecords(Record.newBuilder().setValue(ByteString.copyFrom(value)))
            .build();
    stub.produce(
        request,
        new StreamObserver<>() {
          @Override
          public void onNext(ProduceResponse response) {}

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
