package io.funes.bench.pipe;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The pipe's server process: arguments are port, file, and whether received buffers are kept as
 * they are.
 */
public final class PipeServer {
  private PipeServer() {}

  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[0]);
    Path path = Path.of(args[1]);
    PipeProtocol protocol = new PipeProtocol(Boolean.parseBoolean(args[2]));
    try (FileChannel file = open(path)) {
      Server server =
          NettyServerBuilder.forAddress(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
              .maxInboundMessageSize(PipeProtocol.MESSAGE_BYTES_MAX)
              .flowControlWindow(PipeProtocol.FLOW_CONTROL_WINDOW_BYTES)
              .directExecutor()
              .addService(service(protocol, file))
              .build()
              .start();
      server.awaitTermination();
    }
  }

  private static FileChannel open(Path path) throws IOException {
    return FileChannel.open(
        path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static ServerServiceDefinition service(PipeProtocol protocol, FileChannel file) {
    return ServerServiceDefinition.builder(PipeProtocol.SERVICE)
        .addMethod(
            protocol.produce,
            ServerCalls.asyncBidiStreamingCall(acks -> new PipeAppender(file, acks)))
        .addMethod(
            protocol.fetch,
            ServerCalls.asyncServerStreamingCall((request, out) -> send(file, request, out)))
        .addMethod(protocol.unary, ServerCalls.asyncUnaryCall((_, out) -> answer(out)))
        .build();
  }

  /** The request is the length of a message and the length of all of them. */
  private static void send(FileChannel file, PipeMessage request, StreamObserver<PipeMessage> out) {
    ByteBuffer asked = ByteBuffer.wrap(request.heap());
    ServerCallStreamObserver<PipeMessage> call = (ServerCallStreamObserver<PipeMessage>) out;
    call.setOnReadyHandler(new PipeReader(file, call, asked.getInt(), asked.getLong()));
  }

  private static void answer(StreamObserver<PipeMessage> out) {
    out.onNext(PipeMessage.of(new byte[PipeProtocol.ACK_BYTES], PipeProtocol.ACK_BYTES));
    out.onCompleted();
  }
}
