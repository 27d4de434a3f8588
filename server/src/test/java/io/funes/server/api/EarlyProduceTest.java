package io.funes.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.ProduceResponse;
import io.funes.proto.v1.ProduceServiceGrpc;
import io.funes.proto.v1.RecordBatch;
import io.funes.server.testing.Answers;
import io.funes.server.testing.ServicesFixture;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Producers that know of a later leader epoch than the broker. */
class EarlyProduceTest {
  @TempDir Path folder;
  private ServicesFixture services;

  @BeforeEach
  void start() {
    services = ServicesFixture.in(folder);
    services.createTopic("t", Map.of());
  }

  @AfterEach
  void stop() {
    services.close();
  }

  private Answers<ProduceResponse> produce(ProduceRequest.Builder request) {
    Answers<ProduceResponse> answers = new Answers<>();
    ProduceServiceGrpc.newStub(services.channel()).produce(request.build(), answers);
    return answers;
  }

  @Test
  void aRequestWaitsForTheBrokerToHearOfItsLeaderEpoch() {
    Answers<ProduceResponse> answers =
        produce(Requests.produce("t", "a").setPartition(0).setLeaderEpoch(7));
    assertThat(answers.soFar()).isEmpty();

    services.time.advanceMs(500);

    assertThat(answers.all().getFirst().getAppends(0).getBaseOffset()).isZero();
  }

  @Test
  void itIsLookedAtOnlyWhereThePartitionIsNamed() {
    assertThat(produce(Requests.produce("t", "a").clearPartition().setLeaderEpoch(7)).all())
        .hasSize(1);
  }

  @Test
  void nobodyHasToKnowIt() {
    assertThat(produce(Requests.produce("t", "a").setPartition(0).setLeaderEpoch(-1)).all())
        .hasSize(1);
  }

  @Test
  void aBatchIsCheckedBeforeItIsHeld() {
    RecordBatch noBatch = RecordBatch.newBuilder().setRecordCount(1).build();

    Answers<ProduceResponse> answers =
        produce(
            ProduceRequest.newBuilder()
                .setTopic("t")
                .setPartition(0)
                .setBatch(noBatch)
                .setLeaderEpoch(7));

    assertThatThrownBy(answers::all).rootCause().hasMessageContaining("INVALID");
  }
}
