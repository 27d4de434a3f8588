package io.funes.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.funes.proto.v1.ListOffsetsRequest;
import io.funes.proto.v1.ListOffsetsResponse;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.Record;
import io.funes.proto.v1.TopicStart;
import io.funes.proto.v1.UpdateTopicRequest;
import io.funes.server.testing.Answers;
import io.funes.server.testing.ServicesFixture;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What time does to topics of each policy. */
class RetentionPolicyTest {
  private static final long DAY_MS = TimeUnit.DAYS.toMillis(1);

  @TempDir Path folder;
  private ServicesFixture services;

  @BeforeEach
  void start() {
    services = ServicesFixture.in(folder);
    services.startUpkeep(30_000);
  }

  @AfterEach
  void stop() {
    services.close();
  }

  private void topicWithARecord(String name, Map<String, String> configs) {
    services.createTopic(name, configs);
    var _ =
        services
            .produce()
            .produce(
                ProduceRequest.newBuilder()
                    .setTopic(name)
                    .addRecords(Record.newBuilder().setKey(ByteString.copyFromUtf8("key")))
                    .build());
  }

  /** Records that are still there. */
  private long kept(String topic) {
    Answers<ListOffsetsResponse> answer = new Answers<>();
    services
        .fetch()
        .listOffsets(
            ListOffsetsRequest.newBuilder()
                .addTopics(TopicStart.newBuilder().setTopic(topic))
                .build(),
            answer);
    services.readers.runReady();
    var offset = answer.soFar().getFirst().getOffsets(0);
    return offset.getHighWatermark() - offset.getLogStartOffset();
  }

  @Test
  void recordsOfAnIdleTopicAreDeletedWhenTheirTimeIsOver() {
    topicWithARecord("t", Map.of("retention.ms", Long.toString(DAY_MS)));

    services.time.advanceMs(DAY_MS);
    assertThat(kept("t")).isEqualTo(1);
    services.time.advanceMs(60_000);

    assertThat(kept("t")).isZero();
  }

  @Test
  void aCompactedTopicKeepsItsRecordsWhateverItsRetention() {
    topicWithARecord(
        "t", Map.of("cleanup.policy", "compact", "retention.ms", "1", "retention.bytes", "0"));

    services.time.advanceMs(DAY_MS);
    assertThat(kept("t")).isEqualTo(1);

    var _ =
        services
            .topics()
            .updateTopic(
                UpdateTopicRequest.newBuilder()
                    .setName("t")
                    .putConfigs("cleanup.policy", "compact,delete")
                    .build());
    services.time.advanceMs(60_000);
    assertThat(kept("t")).as("with the other policy beside it").isZero();
  }
}
