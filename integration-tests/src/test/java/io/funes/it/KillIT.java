package io.funes.it;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.funes.client.ConsumerRecord;
import io.funes.client.Producer;
import io.funes.proto.v1.PartitionAppend;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.ProducerState;
import io.funes.proto.v1.Record;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A broker that is killed loses nothing that it acknowledged, and doubles nothing. */
final class KillIT {
  private static final int ROUNDS = 4;
  private static final int ACKNOWLEDGED_PER_ROUND_MAX = 20_000;

  @ParameterizedTest
  @ValueSource(strings = {"os", "before-ack"})
  void oneProducerGoesOnThroughKills(String flush) {
    long seed = ThreadLocalRandom.current().nextLong();
    System.out.printf("KillIT flush=%s seed=%d%n", flush, seed);
    Random random = new Random(seed);
    try (BrokerProcess broker = BrokerProcess.fresh("kill-" + flush)) {
      try (Stubs stubs = new Stubs(broker)) {
        stubs.createTopic("numbers", 3, Map.of("flush", flush));
      }
      try (Producer producer =
              Producer.builder()
                  .server(broker.address())
                  .deliveryTimeout(Duration.ofMinutes(2))
                  .build();
          NumbersSender sender = new NumbersSender(producer, "numbers")) {
        for (int round = 0; round < ROUNDS; round++) {
          sender.awaitAcknowledgedMore(1 + random.nextInt(ACKNOWLEDGED_PER_ROUND_MAX));
          broker.kill9();
          broker.start();
        }
        sender.awaitAcknowledgedMore(1);
        sender.stop();
        assertEachOnceAndInOrder(sender, TopicReader.readAll(broker, "numbers"));
      }
      broker.restart();
      assertThat(TopicReader.readAll(broker, "numbers")).isNotEmpty();
    }
  }

  private static void assertEachOnceAndInOrder(NumbersSender sender, List<ConsumerRecord> records) {
    assertThat(sender.failures()).isEmpty();
    assertThat(records).hasSize(Math.toIntExact(sender.sent()));
    records.stream()
        .collect(groupingBy(ConsumerRecord::keyText))
        .forEach((key, ofKey) ->
            assertThat(ofKey)
                .extracting(record -> Long.parseLong(record.valueText()))
                .as("numbers of %s", key)
                .containsExactlyElementsOf(LongStream.range(0, ofKey.size()).boxed().toList()));
    Map<String, String> places =
        records.stream()
            .collect(
                toMap(
                    record -> record.topicPartition() + "@" + record.offset(),
                    record -> record.keyText() + "=" + record.valueText()));
    sender.positions().forEach((place, record) -> assertThat(places).containsEntry(place, record));
  }

  @Test
  void whatAProducerHasSentIsRememberedThroughAKill() {
    try (BrokerProcess broker = BrokerProcess.fresh("kill-producer-state");
        Stubs stubs = new Stubs(broker)) {
      stubs.createTopic("t", 1, Map.of());
      assertThat(append(stubs, 0, "a", "b").getBaseOffset()).isZero();
      assertThat(append(stubs, 2, "c").getBaseOffset()).isEqualTo(2);

      broker.kill9();
      broker.start();

      PartitionAppend repeated = append(stubs, 0, "a", "b");
      assertThat(repeated.getDeduplicated()).isTrue();
      assertThat(repeated.getBaseOffset()).isZero();
      assertThat(repeated.getLastOffset()).isEqualTo(1);
      assertThatThrownBy(() -> append(stubs, 4, "e"))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessageStartingWith("FAILED_PRECONDITION")
          .hasMessageContaining("3");
      assertThat(append(stubs, 3, "d").getBaseOffset()).isEqualTo(3);
      assertThat(TopicReader.readAll(broker, "t"))
          .extracting(ConsumerRecord::valueText)
          .containsExactly("a", "b", "c", "d");
    }
  }

  private static PartitionAppend append(Stubs stubs, int sequence, String... values) {
    ProduceRequest.Builder request =
        ProduceRequest.newBuilder()
            .setTopic("t")
            .setPartition(0)
            .setProducer(ProducerState.newBuilder().setProducerId(4_242).setSequence(sequence));
    for (String value : values) {
      request.addRecords(Record.newBuilder().setValue(ByteString.copyFromUtf8(value)));
    }
    return stubs.produce().withWaitForReady().produce(request.build()).getAppends(0);
  }
}
