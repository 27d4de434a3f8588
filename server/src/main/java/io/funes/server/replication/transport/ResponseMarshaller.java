package io.funes.server.replication.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.funes.proto.internal.v1.ReplicateResponse;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;

/**
 * Receives the responses of one stream one after the other into the same array, of which the
 * entries of a push stay a part until the next one comes. On the way out the generated marshaller
 * does as well: it writes wrapped entries straight to the transport's buffers.
 */
final class ResponseMarshaller implements Marshaller<ReplicateResponse> {
  private final Marshaller<ReplicateResponse> generated;
  private byte[] room = new byte[0];

  ResponseMarshaller(Marshaller<ReplicateResponse> generated) {
    this.generated = generated;
  }

  @Override
  public ReplicateResponse parse(InputStream message) {
    try {
      CodedInputStream input = received(message).newCodedInput();
      input.enableAliasing(true);
      return ReplicateResponse.parseFrom(input);
    } catch (IOException e) {
      throw Status.INTERNAL
          .withDescription("the response could not be read")
          .withCause(e)
          .asRuntimeException();
    }
  }

  /** In one copy where the length is known, which it is unless a message was compressed. */
  private ByteString received(InputStream message) throws IOException {
    if (!(message instanceof KnownLength)) {
      return UnsafeByteOperations.unsafeWrap(message.readAllBytes());
    }
    int length = message.available();
    if (room.length < length) {
      room = new byte[Integer.highestOneBit(length) << 1];
    }
    return UnsafeByteOperations.unsafeWrap(room, 0, message.readNBytes(room, 0, length));
  }

  @Override
  public InputStream stream(ReplicateResponse response) {
    return generated.stream(response);
  }
}
