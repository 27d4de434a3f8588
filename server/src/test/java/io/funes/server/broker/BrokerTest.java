package io.funes.server.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.funes.proto.v1.FetchRequest;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.Record;
import io.funes.proto.v1.TopicStart;
import io.funes.proto.v1.UpdateTopicRequest;
import io.funes.server.config.BrokerConfig;
import io.funes.server.testing.BrokerFixture;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker as its operator meets it. */
class BrokerTest {
  @TempDir Path folder;

  private static BrokerConfig config(Path data, String listen) {
    return BrokerConfig.of(
        Map.of("data.dir", data.toString(), "listen", listen, "metrics.listen", "off"));
  }

  @Test
  void aPortInUseIsNamedAndLeavesNothingRunning() {
    try (BrokerFixture first = BrokerFixture.in(folder.resolve("first"))) {
      assertThatThrownBy(
              () -> Broker.start(config(folder.resolve("second"), first.address()), cause -> {}))
          .isInstanceOf(BrokerStartException.class)
          .hasMessageContaining(first.address())
          .hasMessageContaining("in use")
          .hasMessageContaining("--listen");
    }

    Broker.start(config(folder.resolve("second"), "127.0.0.1:0"), cause -> {}).close();
  }

  /** What opens beside the part that failed must not hold the folder, whoever was first. */
  @Test
  void aStartThatFailsHalfWayCanBeTriedAgain() throws IOException {
    Path raft = folder.resolve("raft");
    Path elsewhere = folder.resolve("elsewhere");
    Broker.start(config(folder, "127.0.0.1:0"), cause -> {}).close();
    Files.move(raft, elsewhere);

    assertThatThrownBy(() -> Broker.start(config(folder, "127.0.0.1:0"), cause -> {}))
        .isInstanceOf(BrokerStartException.class)
        .hasMessageContaining("metadata");

    Files.move(elsewhere, raft);
    Broker.start(config(folder, "127.0.0.1:0"), cause -> {}).close();
  }

  @Test
  void aDataFolderServesOneBroker() {
    try (BrokerFixture first = BrokerFixture.in(folder)) {
      assertThatThrownBy(() -> Broker.start(config(folder, "127.0.0.1:0"), cause -> {}))
          .isInstanceOf(BrokerStartException.class)
          .hasMessageContaining(folder.toString());
      assertThat(first.createTopic("still-serves", 1, Map.of()).getId()).isNotEmpty();
    }
  }

  @Test
  void metricsAreServed() throws IOException, InterruptedException {
    try (BrokerFixture broker = BrokerFixture.in(folder, Map.of("metrics.listen", "127.0.0.1:0"));
        HttpClient http = HttpClient.newHttpClient()) {
      broker.createTopic("t", 3, Map.of());
      URI uri = URI.create("http://127.0.0.1:" + broker.metricsPort() + "/metrics");

      var response = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body())
          .contains("funes_topics 1", "funes_partitions 3", "funes_rpc_ended_total");
    }
  }

  @Test
  void aFullDiskRefusesProduceOnlyAndRecovers() {
    ProduceRequest request =
        ProduceRequest.newBuilder()
            .setTopic("t")
            .addRecords(Record.newBuilder().setValue(ByteString.copyFromUtf8("x")))
            .build();
    try (BrokerFixture broker = BrokerFixture.in(folder)) {
      broker.createTopic("t", 1, Map.of());
      broker.produce().produce(request);
      broker.restart(Map.of("disk.free.bytes.min", Long.toString(Long.MAX_VALUE)));

      StatusRuntimeException refused =
          catchThrowableOfType(
              StatusRuntimeException.class, () -> broker.produce().produce(request));

      assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(StatusProto.fromThrowable(refused).toString()).contains("disk.free.bytes.min");
      assertThat(records(broker)).isEqualTo(1);
      assertThat(
              catchThrowableOfType(
                      StatusRuntimeException.class, () -> broker.createTopic("new", 1, Map.of()))
                  .getStatus()
                  .getCode())
          .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      UpdateTopicRequest makeRoom =
          UpdateTopicRequest.newBuilder().setName("t").putConfigs("retention.ms", "60000").build();
      assertThat(broker.topics().updateTopic(makeRoom).getTopic().getConfigsMap())
          .containsEntry("retention.ms", "60000");
      broker.restart(Map.of());
      broker.produce().produce(request);
      assertThat(records(broker)).isEqualTo(2);
    }
  }

  private static long records(BrokerFixture broker) {
    return broker
        .fetch()
        .fetch(FetchRequest.newBuilder().addTopics(TopicStart.newBuilder().setTopic("t")).build())
        .getPartitions(0)
        .getHighWatermark();
  }
}
