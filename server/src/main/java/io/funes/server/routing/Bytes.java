package io.funes.server.routing;

import com.google.protobuf.ByteString;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;

/** Messages that are passed on as they are. */
enum Bytes implements MethodDescriptor.Marshaller<ByteString> {
  MARSHALLER;

  @Override
  public InputStream stream(ByteString message) {
    return message.newInput();
  }

  @Override
  public ByteString parse(InputStream message) {
    try {
      return ByteString.readFrom(message);
    } catch (IOException e) {
      throw new IllegalStateException("the message could not be read", e);
    }
  }
}
