package io.funes.client.internal.consume;

import io.funes.client.internal.transport.Connection;
import io.funes.client.internal.transport.Failures;
import io.funes.proto.v1.Credits;
import io.funes.proto.v1.FetchServiceGrpc;
import io.funes.proto.v1.ReadRequest;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;

/**
 * One {@code Read} call. Guarded by its reader's lock, except for what gRPC calls on the I/O
 * thread.
 */
final class ReadStream extends ClientCall.Listener<Frame> {
  private final Reader reader;
  private final ClientCall<ReadRequest, Frame> call;

  ReadStream(Reader reader, Connection connection, FrameMarshaller marshaller) {
    this.reader = reader;
    call = connection.channel().newCall(method(marshaller), CallOptions.DEFAULT);
  }

  private static MethodDescriptor<ReadRequest, Frame> method(FrameMarshaller marshaller) {
    MethodDescriptor<ReadRequest, ?> generated = FetchServiceGrpc.getReadMethod();
    return generated.toBuilder(generated.getRequestMarshaller(), marshaller).build();
  }

  void start(ReadRequest first) {
    call.start(this, new Metadata());
    // Credits bound what comes.
    call.request(Integer.MAX_VALUE);
    call.sendMessage(first);
  }

  void addCredits(long bytes) {
    call.sendMessage(
        ReadRequest.newBuilder().setCredits(Credits.newBuilder().setBytes(bytes)).build());
  }

  void cancel(String why) {
    call.cancel(why, null);
  }

  @Override
  public void onMessage(Frame frame) {
    reader.received(this, frame);
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    reader.ended(this, Failures.of(status, trailers), status.isOk());
  }
}
