package io.funes.server.api;

import io.funes.proto.v1.InitProducerRequest;
import io.funes.proto.v1.InitProducerResponse;
import io.funes.proto.v1.ProduceServiceGrpc;
import io.funes.server.api.produce.ProduceCalls;
import io.funes.server.metadata.MetadataCommand;
import io.funes.server.metadata.MetadataLimits;
import io.funes.server.metadata.MetadataLog;
import io.funes.server.metadata.Outcome;
import io.funes.server.replication.DiskGate;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.List;

/**
 * {@code ProduceService}: the hot calls as {@link ProduceCalls} binds them, and the naming of
 * producers.
 */
public final class ProduceApi {
  private final ProduceCalls calls;
  private final MetadataLog metadata;
  private final MetadataLimits limits;
  private final DiskGate diskGate;

  public ProduceApi(
      ProduceCalls calls, MetadataLog metadata, MetadataLimits limits, DiskGate diskGate) {
    this.calls = calls;
    this.metadata = metadata;
    this.limits = limits;
    this.diskGate = diskGate;
  }

  public ServerServiceDefinition service() {
    return Services.define(
        ProduceServiceGrpc.getServiceDescriptor(),
        List.of(
            calls.produce(),
            calls.produceStream(),
            ServerMethodDefinition.create(
                ProduceServiceGrpc.getInitProducerMethod(),
                ServerCalls.asyncUnaryCall(this::initProducer))));
  }

  private void initProducer(
      InitProducerRequest request, StreamObserver<InitProducerResponse> observer) {
    Replies.guard(
        observer,
        () -> {
          diskGate.check();
          Replies.complete(
              observer,
              metadata
                  .submit(new MetadataCommand.InitProducer(request.getName(), limits))
                  .thenApply(Outcome::orThrow),
              result -> {
                Outcome.ProducerInitialized producer = (Outcome.ProducerInitialized) result;
                return InitProducerResponse.newBuilder()
                    .setProducerId(producer.producerId())
                    .setEpoch(producer.epoch())
                    .build();
              });
        });
  }
}
