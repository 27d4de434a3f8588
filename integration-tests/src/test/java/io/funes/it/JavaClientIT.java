package io.funes.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.client.Admin;
import io.funes.client.Consumer;
import io.funes.client.NewTopic;
import io.funes.client.OffsetMismatchException;
import io.funes.client.Producer;
import io.funes.client.ProducerRecord;
import io.funes.client.TopicRecreatedException;
import io.funes.client.UnknownTopicException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the Java client promises, where it needs the broker's part in it. */
final class JavaClientIT {
  private static final Duration LONG = Duration.ofSeconds(20);

  private static BrokerProcess broker;

  @BeforeAll
  static void start() {
    broker = BrokerProcess.fresh("java-client");
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void conditionalAppendLetsOneOfTwoWritersWin() {
    create("decisions");
    try (Producer one = Producer.builder().server(broker.address()).build();
        Producer other = Producer.builder().server(broker.address()).build()) {
      assertThat(one.appendAt(decision("one"), 0).offset()).isZero();
      assertThatThrownBy(() -> other.appendAt(decision("other"), 0))
          .isInstanceOfSatisfying(
              OffsetMismatchException.class, e -> assertThat(e.logEndOffset()).isEqualTo(1));
      assertThat(other.appendAt(decision("other"), 1).offset()).isEqualTo(1);
      assertThat(one.appendAt(decision("one"), 2).offset()).isEqualTo(2);
    }
    assertThat(TopicReader.readAll(broker, "decisions"))
        .extracting(record -> record.valueText())
        .containsExactly("one", "other", "one");
  }

  @Test
  void readerOfATopicThatIsCreatedAnewIsTold() {
    create("recreated");
    try (Producer producer = Producer.builder().server(broker.address()).build();
        Consumer consumer = Consumer.builder().server(broker.address()).build();
        Admin admin = admin()) {
      producer.send(ProducerRecord.to("recreated").value("old").build()).join();
      consumer.assign("recreated");
      assertThat(consumer.poll(LONG).iterator().next().valueText()).isEqualTo("old");

      admin.deleteTopic("recreated");
      assertThatThrownBy(() -> consumer.poll(LONG)).isInstanceOf(UnknownTopicException.class);
      admin.createTopic(NewTopic.named("recreated"));
      producer.send(ProducerRecord.to("recreated").value("new").build()).join();

      assertThatThrownBy(() -> consumer.poll(LONG))
          .isInstanceOfSatisfying(
              TopicRecreatedException.class, e -> assertThat(e.topic()).isEqualTo("recreated"));
      consumer.assign("recreated");
      assertThat(consumer.poll(LONG).iterator().next().valueText()).isEqualTo("new");
    }
  }

  private static void create(String topic) {
    try (Admin admin = admin()) {
      admin.createTopic(NewTopic.named(topic));
    }
  }

  private static Admin admin() {
    return Admin.builder().server(broker.address()).build();
  }

  private static ProducerRecord decision(String by) {
    return ProducerRecord.to("decisions").partition(0).value(by).build();
  }
}
