package io.funes.client;

import static io.funes.client.ClientFixture.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.funes.proto.v1.Record;
import io.grpc.Status;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A topic that is deleted and created again while it is read. */
final class RecreatedTopicTest {
  private static final TopicPartition T0 = new TopicPartition("t", 0);
  private static final TopicPartition T1 = new TopicPartition("t", 1);

  private final FakeBroker broker = new FakeBroker();
  private final Consumer consumer = Consumer.builder().server(broker.address()).build();

  @AfterEach
  void stop() {
    consumer.close();
    broker.close();
  }

  @Test
  void readerIsToldAndGetsNothingOfTheOtherTopic() {
    fill(broker.topic("t", 2), "old");
    consumer.assign("t");
    assertThat(poll()).isEqualTo("old");

    recreate();

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> consumer.poll(LONG))
          .isInstanceOfSatisfying(
              TopicRecreatedException.class, e -> assertThat(e.topic()).isEqualTo("t"));
    }
    assertThatThrownBy(() -> consumer.pollBatches(LONG)).isInstanceOf(UnknownTopicException.class);
  }

  @Test
  void assignedAgainTheOtherTopicIsReadFromItsStart() {
    fill(broker.topic("t", 2), "old");
    consumer.assign("t");
    assertThat(poll()).isEqualTo("old");
    recreate();

    consumer.assign("t");

    assertThat(poll()).isEqualTo("new");
  }

  @Test
  void seekAfterTheErrorMeansTheOtherTopic() {
    fill(broker.topic("t", 2), "old");
    consumer.assign(T0, T1);
    assertThat(poll()).isEqualTo("old");
    recreate();
    assertThatThrownBy(() -> consumer.poll(LONG)).isInstanceOf(TopicRecreatedException.class);

    consumer.seek(T0, StartPosition.earliest());
    assertThatThrownBy(() -> consumer.poll(LONG)).isInstanceOf(TopicRecreatedException.class);
    consumer.seekAll(StartPosition.earliest());

    assertThat(poll()).isEqualTo("new");
  }

  @Test
  void seekBeforeTheErrorStillMeansTheFirstTopic() {
    fill(broker.topic("t", 1), "old");
    consumer.assign(T0);
    assertThat(poll()).isEqualTo("old");
    recreate();

    consumer.seek(T0, StartPosition.offset(0));

    assertThatThrownBy(() -> consumer.poll(LONG)).isInstanceOf(TopicRecreatedException.class);
    consumer.seek(T0, StartPosition.latest());
    assertThat(consumer.position(T0)).isEqualTo(1);
  }

  private void recreate() {
    fill(broker.topic("t", 2), "new");
    broker.breakCalls(Status.UNAVAILABLE);
  }

  private void fill(FakeTopic topic, String... values) {
    synchronized (broker.topics) {
      List<Record> records =
          Arrays.stream(values)
              .map(value -> Record.newBuilder().setValue(ByteString.copyFromUtf8(value)).build())
              .toList();
      topic.log(0).append(FakeBatches.of(1, records));
    }
  }

  private String poll() {
    return consumer.poll(LONG).iterator().next().valueText();
  }
}
