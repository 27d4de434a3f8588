package io.funes.server.metadata.transport;

import io.funes.proto.internal.v1.JoinRequest;
import io.funes.proto.internal.v1.JoinResponse;
import io.funes.proto.internal.v1.JoinServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A new broker's question to the cluster who it is. */
public final class JoinCall {
  private static final long TIMEOUT_SECONDS = 20;

  private JoinCall() {}

  /** What the broker is from now on. */
  public record Joined(UUID clusterId, int nodeId) {}

  /** Asks one after the other until one answers. */
  public static Joined ask(List<String> addresses, Function<String, ManagedChannel> connect)
      throws IOException {
    UUID token = UUID.randomUUID();
    String failure = "";
    for (String address : addresses) {
      ManagedChannel channel = connect.apply(address);
      try {
        JoinResponse answer =
            JoinServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .join(JoinRequest.newBuilder().setToken(token.toString()).build());
        return new Joined(UUID.fromString(answer.getClusterId()), answer.getNodeId());
      } catch (StatusRuntimeException e) {
        failure = "%s: %s".formatted(address, why(e.getStatus()));
      } finally {
        channel.shutdownNow();
      }
    }
    throw new IOException(
        ("no broker to join answers (%s): give the internal address of one that runs;"
                + " internal.tls.* must be set on both or on none")
            .formatted(failure));
  }

  private static String why(Status status) {
    if (status.getCode() == Status.Code.UNIMPLEMENTED) {
      return "that is its address for clients";
    }
    Throwable cause = status.getCause();
    while (cause != null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause == null
        ? status.getDescription()
        : "%s: %s".formatted(status.getDescription(), cause.getMessage());
  }
}
