package io.funes.server.api.produce;

import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;

/**
 * Receives a request into its thread's {@link Staging}. It is valid until the thread reads the next
 * one.
 */
final class StagedMarshaller implements MethodDescriptor.Marshaller<Staging> {
  static final StagedMarshaller UNARY = new StagedMarshaller(false);
  static final StagedMarshaller STREAM = new StagedMarshaller(true);

  private final boolean stream;

  private StagedMarshaller(boolean stream) {
    this.stream = stream;
  }

  @Override
  public Staging parse(InputStream message) {
    try {
      Staging staging = Staging.ofThread();
      int end = staging.receive(message);
      staging.frame.parse(staging.buffer(), Staging.START, end, stream);
      return staging;
    } catch (IOException e) {
      throw Status.INTERNAL
          .withDescription("the message could not be read")
          .withCause(e)
          .asRuntimeException();
    }
  }

  @Override
  public InputStream stream(Staging value) {
    throw new IllegalStateException("requests are only received");
  }
}
