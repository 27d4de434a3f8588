package io.funes.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AdminTest {
  private final FakeBroker broker = new FakeBroker();
  private final Admin admin = Admin.builder().server(broker.address()).build();

  @AfterEach
  void stop() {
    admin.close();
    broker.close();
  }

  @Test
  void topicsAreCreatedDescribedChangedAndDeleted() {
    TopicDescription created =
        admin.createTopic(NewTopic.named("a").partitions(3).replicas(1).config("k", "v"));
    assertThat(created.partitionCount()).isEqualTo(3);
    assertThat(created.configs()).isEqualTo(Map.of("k", "v"));
    assertThat(admin.topic("a")).isEqualTo(created);
    TopicDescription changed =
        admin.updateTopic(TopicChange.of("a").partitions(4).config("x", "y").resetConfig("k"));
    assertThat(changed.partitions()).hasSize(4);
    assertThat(changed.configs()).isEqualTo(Map.of("x", "y"));
    admin.deleteTopic("a");
    assertThatThrownBy(() -> admin.topic("a")).isInstanceOf(UnknownTopicException.class);
  }

  @Test
  void existingTopicIsNotCreatedAgain() {
    broker.topic("a", 1);
    assertThatThrownBy(() -> admin.createTopic(NewTopic.named("a")))
        .isInstanceOf(TopicExistsException.class)
        .hasMessage("there is one");
  }

  @Test
  void checkedTopicIsNotCreated() {
    admin.createTopic(NewTopic.named("a").validateOnly());
    assertThat(admin.topics()).isEmpty();
  }

  @Test
  void pagesAreTurned() {
    for (String name : new String[] {"a", "b1", "b2", "b3", "c"}) {
      broker.topic(name, 1);
    }
    assertThat(admin.topics()).extracting(TopicDescription::name).hasSize(5).isSorted();
    assertThat(broker.topicService.pages).hasValue(3);
    assertThat(admin.topics("b")).extracting(TopicDescription::name).contains("b3").hasSize(3);
  }

  @Test
  void offsetsOfAllPartitions() {
    FakeTopic topic = broker.topic("a", 2);
    topic.log(1).end = 7;
    topic.log(1).start = 2;
    Map<Integer, PartitionOffsets> offsets = admin.offsets("a", StartPosition.latest());
    assertThat(offsets.keySet()).containsExactly(0, 1);
    assertThat(offsets.get(1).offset()).isEqualTo(7);
    assertThat(offsets.get(1).logStartOffset()).isEqualTo(2);
    assertThat(admin.offsets("a", StartPosition.earliest()).get(1).offset()).isEqualTo(2);
  }

  @Test
  void unavailableBrokerIsAskedAgain() {
    broker.topic("a", 1);
    broker.refuseCalls.set(3);
    assertThat(admin.topic("a").name()).isEqualTo("a");
    assertThat(broker.topicService.looks).hasValue(1);
  }

  @Test
  void absentBrokerIsTold() {
    broker.stop();
    try (Admin hasty =
        Admin.builder().server(broker.address()).timeout(Duration.ofMillis(200)).build()) {
      assertThatThrownBy(() -> hasty.topic("a"))
          .isInstanceOfSatisfying(
              UnavailableException.class, e -> assertThat(e.isRetriable()).isTrue());
    }
    broker.start();
  }

  @Test
  void closedAdminSaysSo() {
    admin.close();
    assertThatThrownBy(() -> admin.topic("a")).isInstanceOf(ClientClosedException.class);
  }
}
