package io.funes.server.api.produce;

import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.ProduceResponse;
import io.funes.proto.v1.ProduceServiceGrpc;
import io.funes.proto.v1.ProduceStreamRequest;
import io.funes.proto.v1.ProduceStreamResponse;
import io.funes.server.common.Ticker;
import io.funes.server.replication.EarlyAppends;
import io.funes.server.replication.PartitionTable;
import io.funes.server.routing.Caller;
import io.funes.server.routing.Routes;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The two hot methods of {@code ProduceService}, bound to staged bytes in place of generated
 * messages. On the wire a message field and a {@code bytes} field are the same, so stubs see typed
 * records where the broker sees a body.
 */
public final class ProduceCalls {
  private final ProduceHandler handler;
  private final Routes routes;
  private final Set<ProduceStreamCall> streams = ConcurrentHashMap.newKeySet();
  private volatile boolean draining;

  public ProduceCalls(
      PartitionTable table, EarlyAppends early, Ticker ticker, int batchBytesMax, Routes routes) {
    this.handler = new ProduceHandler(table, early, ticker, batchBytesMax);
    this.routes = routes;
  }

  public ServerMethodDefinition<?, ?> produce() {
    MethodDescriptor<ProduceRequest, ProduceResponse> method =
        ProduceServiceGrpc.getProduceMethod();
    return ServerMethodDefinition.create(
        method.toBuilder(StagedMarshaller.UNARY, method.getResponseMarshaller()).build(),
        (call, headers) -> new UnaryProduce(call, handler, Caller.of(headers), routes));
  }

  public ServerMethodDefinition<?, ?> produceStream() {
    MethodDescriptor<ProduceStreamRequest, ProduceStreamResponse> method =
        ProduceServiceGrpc.getProduceStreamMethod();
    return ServerMethodDefinition.create(
        method.toBuilder(StagedMarshaller.STREAM, method.getResponseMarshaller()).build(),
        this::startStream);
  }

  private ServerCall.Listener<Staging> startStream(
      ServerCall<Staging, ProduceStreamResponse> call, Metadata headers) {
    ProduceStreamCall stream =
        new ProduceStreamCall(call, handler, Caller.of(headers), routes, streams::remove);
    streams.add(stream);
    if (draining) {
      stream.drain();
    }
    return stream;
  }

  /** Ends all streams, each as soon as it owes no answer. */
  public void drain() {
    draining = true;
    streams.forEach(ProduceStreamCall::drain);
  }
}
