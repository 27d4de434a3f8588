package io.funes.server.api;

import static io.funes.server.api.Requests.produce;
import static org.assertj.core.api.Assertions.assertThat;

import io.funes.proto.v1.CreateTopicRequest;
import io.funes.proto.v1.DeleteTopicRequest;
import io.funes.proto.v1.GetTopicRequest;
import io.funes.proto.v1.ListTopicsRequest;
import io.funes.proto.v1.ListTopicsResponse;
import io.funes.proto.v1.Topic;
import io.funes.proto.v1.UpdateTopicRequest;
import io.funes.server.common.ErrorCode;
import io.funes.server.testing.BrokerFixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code TopicService} through generated stubs. */
class TopicApiTest {
  @TempDir static Path folder;
  private static BrokerFixture broker;

  @BeforeAll
  static void start() {
    broker = BrokerFixture.in(folder);
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  private static Topic get(String name) {
    return broker.topics().getTopic(GetTopicRequest.newBuilder().setName(name).build()).getTopic();
  }

  private static Topic update(UpdateTopicRequest.Builder change) {
    return broker.topics().updateTopic(change.build()).getTopic();
  }

  private static List<String> stored(String topic) {
    return Requests.values(broker.fetch().fetch(Requests.fetch(Requests.earliest(topic)).build()));
  }

  @Test
  void aTopicIsDescribedAsItWasCreated() {
    Topic created = broker.createTopic("described", 3, Map.of("retention.ms", "5000"));

    assertThat(get("described")).isEqualTo(created);
    assertThat(created.getPartitionCount()).isEqualTo(3);
    assertThat(created.getPartitionsList()).hasSize(3);
    assertThat(created.getConfigsMap()).containsExactly(Map.entry("retention.ms", "5000"));
    assertThat(created.getEffectiveConfigsMap())
        .containsEntry("retention.ms", "5000")
        .containsKey("segment.bytes");
    assertThat(created.getId()).isNotEmpty();
    assertThat(created.getInternal()).isFalse();
  }

  @Test
  void pagesGoThroughAllNamesOnce() {
    for (int i = 0; i < 7; i++) {
      broker.createTopic("page-" + i, 1, Map.of());
    }
    List<String> names = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    String token = "";
    do {
      ListTopicsResponse page =
          broker
              .topics()
              .listTopics(
                  ListTopicsRequest.newBuilder()
                      .setNamePrefix("page-")
                      .setPageSize(3)
                      .setPageToken(token)
                      .build());
      page.getTopicsList().forEach(topic -> names.add(topic.getName()));
      sizes.add(page.getTopicsCount());
      token = page.getNextPageToken();
    } while (!token.isEmpty());

    assertThat(names)
        .containsExactly("page-0", "page-1", "page-2", "page-3", "page-4", "page-5", "page-6");
    assertThat(sizes).containsExactly(3, 3, 1);
  }

  @Test
  void aPageTokenThatNobodyGaveIsRefused() {
    Errors error =
        Errors.of(() ->
            broker.topics().listTopics(ListTopicsRequest.newBuilder().setPageToken("%%%").build()));
    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void configsAreSetAndPutBack() {
    Topic created = broker.createTopic("configs", 1, Map.of("retention.ms", "5000"));

    Topic changed =
        update(
            UpdateTopicRequest.newBuilder()
                .setName("configs")
                .putConfigs("segment.bytes", "1048576")
                .addResetConfigs("retention.ms"));

    assertThat(changed.getConfigsMap()).containsExactly(Map.entry("segment.bytes", "1048576"));
    assertThat(changed.getId()).isEqualTo(created.getId());
    assertThat(get("configs")).isEqualTo(changed);
    Errors both =
        Errors.of(() ->
            update(
                UpdateTopicRequest.newBuilder()
                    .setName("configs")
                    .putConfigs("retention.ms", "1")
                    .addResetConfigs("retention.ms")));
    assertThat(both.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void aConfigHoldsFromTheAnswerOn() {
    broker.createTopic("tight", 1, Map.of());
    broker.produce().produce(produce("tight", "x".repeat(100)).build());

    update(UpdateTopicRequest.newBuilder().setName("tight").putConfigs("max.record.bytes", "50"));

    assertThat(
            Errors.of(() -> broker.produce().produce(produce("tight", "x".repeat(100)).build()))
                .code())
        .isEqualTo(ErrorCode.RECORD_TOO_LARGE);
  }

  @Test
  void validateOnlyChangesNothing() {
    CreateTopicRequest.Builder request =
        CreateTopicRequest.newBuilder().setName("imagined").setValidateOnly(true);

    Topic imagined = broker.topics().createTopic(request.build()).getTopic();

    assertThat(imagined.getId()).isEmpty();
    assertThat(imagined.getPartitionCount()).isEqualTo(1);
    assertThat(Errors.of(() -> get("imagined")).code()).isEqualTo(ErrorCode.UNKNOWN_TOPIC);
    Topic real = broker.createTopic("real", 1, Map.of());
    Topic wider =
        update(
            UpdateTopicRequest.newBuilder()
                .setName("real")
                .setPartitionCount(4)
                .setValidateOnly(true));
    assertThat(wider.getPartitionCount()).isEqualTo(4);
    assertThat(get("real")).isEqualTo(real);
    assertThat(Errors.of(() -> broker.topics().createTopic(request.setName("real").build())).code())
        .isEqualTo(ErrorCode.TOPIC_EXISTS);
  }

  @Test
  void morePartitionsLeaveTheOldRecordsReadable() {
    broker.createTopic("wider", 1, Map.of());
    broker.produce().produce(produce("wider", "old").build());

    update(UpdateTopicRequest.newBuilder().setName("wider").setPartitionCount(3));

    broker.produce().produce(produce("wider", "new").setPartition(2).build());
    assertThat(stored("wider")).containsExactly("old", "new");
    Errors fewer =
        Errors.of(
            () -> update(UpdateTopicRequest.newBuilder().setName("wider").setPartitionCount(2)));
    assertThat(fewer.code()).isEqualTo(ErrorCode.INVALID_PARTITION_COUNT);
  }

  @Test
  void aTopicCreatedAgainIsAnotherOneAndEmpty() {
    Topic first = broker.createTopic("again", 1, Map.of());
    broker.produce().produce(produce("again", "old").build());
    broker.topics().deleteTopic(DeleteTopicRequest.newBuilder().setName("again").build());
    assertThat(Errors.of(() -> stored("again")).code()).isEqualTo(ErrorCode.UNKNOWN_TOPIC);

    Topic second = broker.createTopic("again", 1, Map.of());

    assertThat(second.getId()).isNotEqualTo(first.getId());
    assertThat(stored("again")).isEmpty();
    Errors stale =
        Errors.of(() ->
            broker
                .topics()
                .deleteTopic(
                    DeleteTopicRequest.newBuilder()
                        .setName("again")
                        .setTopicId(first.getId())
                        .build()));
    assertThat(stale.code()).isEqualTo(ErrorCode.TOPIC_ID_MISMATCH);
    assertThat(get("again").getId()).isEqualTo(second.getId());
  }
}
