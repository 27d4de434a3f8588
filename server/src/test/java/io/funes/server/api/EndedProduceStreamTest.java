package io.funes.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.proto.v1.ListOffsetsRequest;
import io.funes.proto.v1.ListOffsetsResponse;
import io.funes.proto.v1.ProduceServiceGrpc;
import io.funes.proto.v1.ProduceStreamRequest;
import io.funes.proto.v1.ProduceStreamResponse;
import io.funes.server.metadata.MetadataLimits;
import io.funes.server.testing.Answers;
import io.funes.server.testing.ServicesFixture;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that are on their way while the broker ends their stream. */
class EndedProduceStreamTest {
  @TempDir Path folder;
  private final Arrival arrival = new Arrival();
  private final Answers<ProduceStreamResponse> answers = new Answers<>();
  private ServicesFixture services;

  /** A request has come, and its stream does not know of it yet. */
  private static final class Arrival implements ServerInterceptor {
    Runnable meanwhile = () -> {};

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
        @Override
        public void onMessage(Q request) {
          meanwhile.run();
          super.onMessage(request);
        }
      };
    }
  }

  @BeforeEach
  void start() {
    services = ServicesFixture.in(folder, MetadataLimits.DEFAULT, List.of(arrival));
    services.createTopic("t", Map.of());
  }

  @AfterEach
  void stop() {
    services.close();
  }

  private static ProduceStreamRequest request(long correlationId, String value) {
    return ProduceStreamRequest.newBuilder()
        .setCorrelationId(correlationId)
        .setRequest(Requests.produce("t", value))
        .build();
  }

  private long stored() {
    Answers<ListOffsetsResponse> offsets = new Answers<>();
    services
        .fetch()
        .listOffsets(
            ListOffsetsRequest.newBuilder().addTopics(Requests.earliest("t")).build(), offsets);
    services.readers.runReady();
    return offsets.all().getFirst().getOffsets(0).getHighWatermark();
  }

  /** Its producer takes it for not appended, and sends it again to another broker. */
  @Test
  void requestThatComesTooLateIsNotAppended() {
    StreamObserver<ProduceStreamRequest> requests =
        ProduceServiceGrpc.newStub(services.channel()).produceStream(answers);
    requests.onNext(request(1, "in time"));

    arrival.meanwhile = services::endProduceStreams;
    requests.onNext(request(2, "too late"));

    assertThatThrownBy(answers::all).hasMessageContaining("UNAVAILABLE: the broker is stopping");
    assertThat(answers.soFar()).hasSize(1);
    assertThat(stored()).isEqualTo(1);
  }
}
