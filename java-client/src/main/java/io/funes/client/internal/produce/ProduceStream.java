package io.funes.client.internal.produce;

import io.funes.client.FunesException;
import io.funes.client.internal.transport.Failures;
import io.funes.proto.v1.ProduceServiceGrpc;
import io.funes.proto.v1.ProduceStreamRequest;
import io.funes.proto.v1.ProduceStreamResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.function.Consumer;

/**
 * One {@code ProduceStream} call. Used by the thread that drains; answers and changes are told on
 * the I/O thread.
 */
final class ProduceStream extends ClientCall.Listener<ProduceStreamResponse> {
  /** So much may wait in the transport: a few batches, so that the socket never runs dry. */
  private static final int READY_BYTES = 1 << 20;

  private static final MethodDescriptor<BatchMessage, ProduceStreamResponse> METHOD = method();

  private final Consumer<ProduceStreamResponse> received;
  private final Runnable changed;
  private ClientCall<BatchMessage, ProduceStreamResponse> call;
  private volatile Status end;
  private volatile FunesException failure;

  ProduceStream(Consumer<ProduceStreamResponse> received, Runnable changed) {
    this.received = received;
    this.changed = changed;
  }

  private static MethodDescriptor<BatchMessage, ProduceStreamResponse> method() {
    MethodDescriptor<ProduceStreamRequest, ProduceStreamResponse> generated =
        ProduceServiceGrpc.getProduceStreamMethod();
    return generated.toBuilder(BatchMessage.MARSHALLER, generated.getResponseMarshaller()).build();
  }

  void start(Channel channel) {
    call = channel.newCall(METHOD, CallOptions.DEFAULT.withOnReadyThreshold(READY_BYTES));
    call.start(this, new Metadata());
    call.request(Integer.MAX_VALUE);
  }

  /**
   * False, too, before the connection stands: so gRPC never holds on to a message, only copies it.
   */
  boolean isReady() {
    return end == null && call.isReady();
  }

  void send(BatchMessage message) {
    call.sendMessage(message);
  }

  void cancel(String why) {
    call.cancel(why, null);
  }

  boolean isClosed() {
    return end != null;
  }

  Status.Code closeCode() {
    return end.getCode();
  }

  FunesException failure() {
    return failure;
  }

  @Override
  public void onReady() {
    changed.run();
  }

  @Override
  public void onMessage(ProduceStreamResponse response) {
    received.accept(response);
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    failure = Failures.of(status, trailers);
    end = status;
    changed.run();
  }
}
