package io.funes.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.funes.proto.v1.FetchRequest;
import io.funes.proto.v1.FetchResponse;
import io.funes.proto.v1.PartitionBatches;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.ProduceResponse;
import io.funes.proto.v1.Record;
import io.funes.proto.v1.RecordBatch;
import io.funes.proto.v1.TopicStart;
import io.funes.server.testing.BrokerFixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records go in through generated stubs and come out again. */
class ProduceAndFetchTest {
  @TempDir Path folder;
  private BrokerFixture broker;

  @BeforeEach
  void start() {
    broker = BrokerFixture.in(folder);
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  private static Record record(String key, String value) {
    Record.Builder record = Record.newBuilder().setValue(ByteString.copyFromUtf8(value));
    if (key != null) {
      record.setKey(ByteString.copyFromUtf8(key));
    }
    return record.build();
  }

  private List<String> values(String topic) {
    FetchResponse response =
        broker
            .fetch()
            .fetch(
                FetchRequest.newBuilder()
                    .addTopics(TopicStart.newBuilder().setTopic(topic))
                    .build());
    List<String> values = new ArrayList<>();
    for (PartitionBatches partition : response.getPartitionsList()) {
      for (RecordBatch batch : partition.getBatchesList()) {
        batch
            .getRecords()
            .getRecordsList()
            .forEach(record -> values.add(record.getValue().toStringUtf8()));
      }
    }
    return values;
  }

  @Test
  void whatIsProducedCanBeFetchedAlsoAfterARestart() {
    broker.createTopic("orders", 1, Map.of());
    ProduceResponse first =
        broker
            .produce()
            .produce(
                ProduceRequest.newBuilder()
                    .setTopic("orders")
                    .addRecords(record("a", "one"))
                    .addRecords(record(null, "two"))
                    .build());
    assertThat(first.getAppends(0).getBaseOffset()).isZero();
    assertThat(first.getAppends(0).getLastOffset()).isEqualTo(1);
    assertThat(values("orders")).containsExactly("one", "two");

    broker.restart();

    assertThat(values("orders")).containsExactly("one", "two");
    ProduceResponse second =
        broker
            .produce()
            .produce(
                ProduceRequest.newBuilder()
                    .setTopic("orders")
                    .addRecords(record("a", "three"))
                    .build());
    assertThat(second.getAppends(0).getBaseOffset()).isEqualTo(2);
    assertThat(values("orders")).containsExactly("one", "two", "three");
  }

  @Test
  void recordsOfOneRequestPartByTheirKeys() {
    broker.createTopic("keyed", 6, Map.of());
    ProduceRequest.Builder request = ProduceRequest.newBuilder().setTopic("keyed");
    for (int i = 0; i < 100; i++) {
      request.addRecords(record("key-" + i % 10, "value-" + i));
    }
    ProduceResponse response = broker.produce().produce(request.build());
    assertThat(response.getAppendsCount()).isGreaterThan(1);
    assertThat(values("keyed")).hasSize(100);
  }
}
