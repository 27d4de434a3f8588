package io.funes.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.client.Admin;
import io.funes.client.Consumer;
import io.funes.client.ConsumerRecord;
import io.funes.client.PartitionOffsets;
import io.funes.client.StartPosition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Reads with the Java client. */
final class TopicReader {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private TopicReader() {}

  /** All that the topic holds now. */
  static List<ConsumerRecord> readAll(BrokerProcess broker, String topic) {
    List<ConsumerRecord> read = new ArrayList<>();
    try (Admin admin = Admin.builder().server(broker.address()).build();
        Consumer consumer =
            Consumer.builder().server(broker.address()).startAt(StartPosition.earliest()).build()) {
      consumer.assign(topic);
      Collection<PartitionOffsets> ends = admin.offsets(topic, StartPosition.latest()).values();
      Instant deadline = Instant.now().plus(TIMEOUT);
      while (!ends.stream()
          .allMatch(end -> consumer.position(end.topicPartition()) >= end.highWatermark())) {
        assertThat(Instant.now()).isBefore(deadline);
        read.addAll(consumer.poll(Duration.ofSeconds(1)).asList());
      }
    }
    return read;
  }
}
