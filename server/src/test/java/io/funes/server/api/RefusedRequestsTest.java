package io.funes.server.api;

import static io.funes.server.api.Requests.batch;
import static io.funes.server.api.Requests.produce;
import static io.funes.server.api.Requests.producer;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.funes.proto.v1.InitProducerRequest;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.ProducerFenced;
import io.funes.proto.v1.RecordBatch;
import io.funes.proto.v1.UpdateTopicRequest;
import io.funes.server.common.ErrorCode;
import io.funes.server.testing.BrokerFixture;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What else is refused than one request for each reason. */
class RefusedRequestsTest {
  @TempDir static Path folder;
  private static BrokerFixture broker;

  @BeforeAll
  static void start() {
    broker = BrokerFixture.in(folder);
    broker.createTopic("t", 2, Map.of());
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  private static void send(ProduceRequest.Builder request) {
    broker.produce().produce(request.build());
  }

  @Test
  void aBodyThatItsCodecCannotReadIsRefused() {
    RecordBatch.Builder noZstd =
        batch("x").setAttributes(4).setCompressedRecords(ByteString.copyFromUtf8("no zstd"));

    Errors error = Errors.of(() -> send(produce("t", noZstd)));

    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_CODEC);
    assertThat(error.metadata()).containsEntry("codec", "ZSTD");
  }

  @Test
  void aProducerThatWasNamedAgainIsFencedWhereItNeverWrote() {
    var init = InitProducerRequest.newBuilder().setName("billing").build();
    var first = broker.produce().initProducer(init);
    var second = broker.produce().initProducer(init);
    assertThat(second.getProducerId()).isEqualTo(first.getProducerId());
    assertThat(second.getEpoch()).isEqualTo(first.getEpoch() + 1);

    Errors error =
        Errors.of(() ->
            send(
                produce("t", "x")
                    .setProducer(producer(first.getProducerId(), first.getEpoch(), 0))));

    assertThat(error.code()).isEqualTo(ErrorCode.STALE_PRODUCER_EPOCH);
    assertThat(error.detail(ProducerFenced.class).getCurrentEpoch()).isEqualTo(second.getEpoch());
  }

  @Test
  void recordBytesThatAreNoRecordAreRefused() {
    // A record whose value says to be longer than the record is.
    ByteString record = ByteString.copyFrom(new byte[] {0x12, 0x50, 'x'});
    var unknown =
        com.google.protobuf.UnknownFieldSet.newBuilder()
            .addField(
                1,
                com.google.protobuf.UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(record)
                    .build())
            .build();

    Errors error = Errors.of(() -> send(produce("t").setUnknownFields(unknown)));

    assertThat(error.code()).isEqualTo(ErrorCode.MALFORMED_RECORDS);
  }

  @Test
  void anErrorStaysSmallWhateverTheRequestHeld() {
    String large = "x".repeat(100_000);
    assertThat(
            Errors.of(() ->
                    broker
                        .topics()
                        .updateTopic(
                            UpdateTopicRequest.newBuilder().setName("t").setTopicId(large).build()))
                .code())
        .isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(Errors.of(() -> send(produce(large, "x"))).code())
        .isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(Errors.of(() -> broker.createTopic("c", 1, Map.of(large, large))).code())
        .isEqualTo(ErrorCode.INVALID_TOPIC_CONFIG);
  }
}
