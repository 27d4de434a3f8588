package io.funes.server.api.mapping;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.common.RefusedException;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.InputStream;

/**
 * Receives requests as generated messages, and null for bytes that are none. The generated
 * marshaller would throw, which gRPC logs as a fault of the server and tells the client as UNKNOWN.
 */
public final class RequestMarshaller<Q> implements Marshaller<Q> {
  private final Marshaller<Q> generated;

  private RequestMarshaller(Marshaller<Q> generated) {
    this.generated = generated;
  }

  /** The method, receiving its requests so. */
  public static <Q, A> MethodDescriptor<Q, A> in(MethodDescriptor<Q, A> method) {
    return method.toBuilder(
            new RequestMarshaller<>(method.getRequestMarshaller()), method.getResponseMarshaller())
        .build();
  }

  /** Why a call ends that brought null. */
  public static RefusedException unreadable(MethodDescriptor<?, ?> method) {
    return Refusal.of(
            ErrorCode.INVALID_ARGUMENT,
            "a message of %s cannot be read: encode it as its .proto file says"
                .formatted(method.getFullMethodName()))
        .exception();
  }

  @Override
  public Q parse(InputStream message) {
    try {
      return generated.parse(message);
    } catch (RuntimeException e) {
      return null;
    }
  }

  @Override
  public InputStream stream(Q request) {
    return generated.stream(request);
  }
}
