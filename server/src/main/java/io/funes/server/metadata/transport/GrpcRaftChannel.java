package io.funes.server.metadata.transport;

import com.google.protobuf.UnsafeByteOperations;
import io.funes.proto.internal.v1.ExchangeRequest;
import io.funes.proto.internal.v1.ExchangeResponse;
import io.funes.proto.internal.v1.RaftServiceGrpc;
import io.funes.proto.internal.v1.RaftServiceGrpc.RaftServiceStub;
import io.funes.server.metadata.raft.RaftCall;
import io.funes.server.metadata.raft.RaftChannel;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** One connection to each broker that was ever called. */
public final class GrpcRaftChannel implements RaftChannel, AutoCloseable {
  /** A peer whose machine vanished is noticed after this and a few seconds more. */
  public static final int KEEP_ALIVE_SECONDS = 10;

  private final Function<String, ManagedChannel> connect;
  private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();

  /**
   * Without any connection yet.
   *
   * @param connect makes the connection to an address, lazily as gRPC does; {@link
   *     InternalConnections} for one
   */
  public GrpcRaftChannel(Function<String, ManagedChannel> connect) {
    this.connect = connect;
  }

  @Override
  public CompletableFuture<byte[]> call(
      String address, RaftCall kind, byte[] body, long timeoutMs) {
    ManagedChannel channel = channels.computeIfAbsent(address, connect);
    ExchangeRequest request =
        ExchangeRequest.newBuilder()
            .setKind(CallKinds.toProto(kind))
            .setBody(UnsafeByteOperations.unsafeWrap(body))
            .build();
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    RaftServiceStub stub =
        RaftServiceGrpc.newStub(channel).withDeadlineAfter(timeoutMs, TimeUnit.MILLISECONDS);
    if (kind == RaftCall.INVITE) {
      // Who is invited has said that it is there, perhaps in the place of one that was not.
      stub = stub.withWaitForReady();
      channel.resetConnectBackoff();
    }
    stub.exchange(request, new Answering(answer, address, channel));
    return answer;
  }

  @Override
  public void close() {
    channels.values().forEach(ManagedChannel::shutdownNow);
  }

  private record Answering(CompletableFuture<byte[]> answer, String address, ManagedChannel channel)
      implements StreamObserver<ExchangeResponse> {
    @Override
    public void onNext(ExchangeResponse response) {
      answer.complete(response.getBody().toByteArray());
    }

    @Override
    public void onError(Throwable error) {
      // gRPC waits longer after each failure to connect, up to two minutes. Ratis has its own
      // pauses, and a broker that is back should be reached at its next try.
      if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
        channel.resetConnectBackoff();
      }
      Status status = Status.fromThrowable(error);
      answer.completeExceptionally(
          new IOException(
              "%s: %s %s".formatted(address, status.getCode(), status.getDescription()), error));
    }

    @Override
    public void onCompleted() {
      // The answer came before.
    }
  }
}
