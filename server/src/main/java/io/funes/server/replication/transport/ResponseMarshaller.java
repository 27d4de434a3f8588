package io.funes.server.replication.transport;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.funes.proto.internal.v1.ReplicateResponse;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;

/**
 * Receives a response into one array of its own, of which the entries of a push stay a part. On the
 * way out the generated marshaller does as well: it writes wrapped entries straight to the
 * transport's buffers.
 */
record ResponseMarshaller(Marshaller<ReplicateResponse> generated)
    implements Marshaller<ReplicateResponse> {
  @Override
  public ReplicateResponse parse(InputStream message) {
    try {
      CodedInputStream input = UnsafeByteOperations.unsafeWrap(bytes(message)).newCodedInput();
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
  private static byte[] bytes(InputStream message) throws IOException {
    if (!(message instanceof KnownLength)) {
      return message.readAllBytes();
    }
    byte[] bytes = new byte[message.available()];
    message.readNBytes(bytes, 0, bytes.length);
    return bytes;
  }

  @Override
  public InputStream stream(ReplicateResponse response) {
    return generated.stream(response);
  }
}
