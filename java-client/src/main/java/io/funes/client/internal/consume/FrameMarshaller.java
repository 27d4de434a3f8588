package io.funes.client.internal.consume;

import io.funes.client.internal.transport.BufferPool;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;

/** Copies each message once, from the transport's buffers into an array of the pool. */
record FrameMarshaller(BufferPool pool) implements MethodDescriptor.Marshaller<Frame> {
  @Override
  public InputStream stream(Frame frame) {
    throw new UnsupportedOperationException("only received");
  }

  @Override
  public Frame parse(InputStream stream) {
    try {
      int length = stream.available();
      byte[] buffer = pool.tryAcquire(length);
      if (stream.readNBytes(buffer, 0, length) != length || stream.read() != -1) {
        throw new IOException("a message of another length than announced");
      }
      return Frame.parse(buffer, length);
    } catch (IOException e) {
      throw Status.INTERNAL.withDescription("not a frame").withCause(e).asRuntimeException();
    }
  }
}
