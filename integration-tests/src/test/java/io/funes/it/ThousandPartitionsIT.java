package io.funes.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.client.ConsumerRecord;
import io.funes.client.Producer;
import io.funes.client.ProducerRecord;
import io.funes.client.RecordPosition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many partitions are served, and all come back. The times are printed, for whoever wonders. */
final class ThousandPartitionsIT {
  private static final int PARTITIONS = 1_000;

  @Test
  void allAreServedAndComeBack() {
    try (BrokerProcess broker = BrokerProcess.fresh("thousand-partitions")) {
      timed(
          "create",
          () -> {
            try (Stubs stubs = new Stubs(broker)) {
              assertThat(stubs.createTopic("wide", PARTITIONS, Map.of()).getPartitionCount())
                  .isEqualTo(PARTITIONS);
            }
          });
      timed("a record to each", () -> produceToEach(broker));
      timed("stop and start", broker::restart);
      timed("read all", () -> assertOneInEach(broker));
      timed("kill", broker::kill9);
      timed("start after the kill", broker::start);
      assertOneInEach(broker);
      broker.stop();
    }
  }

  private static void produceToEach(BrokerProcess broker) {
    List<CompletableFuture<RecordPosition>> sent = new ArrayList<>();
    try (Producer producer = Producer.builder().server(broker.address()).build()) {
      for (int partition = 0; partition < PARTITIONS; partition++) {
        sent.add(
            producer.send(
                ProducerRecord.to("wide").partition(partition).value("to " + partition).build()));
      }
    }
    assertThat(sent)
        .extracting(position -> position.join().offset())
        .hasSize(PARTITIONS)
        .containsOnly(0L);
  }

  private static void assertOneInEach(BrokerProcess broker) {
    List<ConsumerRecord> records = TopicReader.readAll(broker, "wide");
    assertThat(records)
        .allSatisfy(record ->
            assertThat(record.valueText()).isEqualTo("to " + record.topicPartition().partition()));
    assertThat(records)
        .extracting(record -> record.topicPartition().partition())
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, PARTITIONS).boxed().toList());
  }

  private static void timed(String what, Runnable work) {
    Instant start = Instant.now();
    work.run();
    System.out.printf(
        "%d partitions, %s: %d ms%n",
        PARTITIONS, what, Duration.between(start, Instant.now()).toMillis());
  }
}
