package io.funes.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.funes.proto.v1.FetchServiceGrpc;
import io.funes.proto.v1.PartitionBatches;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.ProduceServiceGrpc;
import io.funes.proto.v1.ReadRequest;
import io.funes.proto.v1.ReadResponse;
import io.funes.proto.v1.Record;
import io.funes.proto.v1.RecordBatch;
import io.funes.proto.v1.TopicStart;
import io.grpc.ManagedChannel;
import io.grpc.stub.BlockingClientCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What another language has to write: a producer and a consumer from generated stubs alone. */
final class StubsOnlyIT {
  private static final int RECORDS = 100;

  @Test
  void aFewLinesProduceAndConsume() throws Exception {
    try (BrokerProcess broker = BrokerProcess.fresh("stubs-only")) {
      try (Stubs stubs = new Stubs(broker)) {
        stubs.createTopic("words", 3, Map.of());
      }
      ManagedChannel channel = broker.channel();
      try {
        produce(channel);
        List<String> read = consume(channel);
        assertThat(read).hasSize(RECORDS).doesNotHaveDuplicates();
        assertThat(read).allSatisfy(line -> assertThat(line).matches("key\\d=word \\d+"));
      } finally {
        channel.shutdownNow();
      }
    }
  }

  private static void produce(ManagedChannel channel) {
    var producer = ProduceServiceGrpc.newBlockingStub(channel);
    for (int i = 0; i < RECORDS; i++) {
      ProduceRequest request =
          ProduceRequest.newBuilder()
              .setTopic("words")
              .addRecords(
                  Record.newBuilder()
                      .setKey(ByteString.copyFromUtf8("key" + i % 10))
                      .setValue(ByteString.copyFromUtf8("word " + i)))
              .build();
      assertThat(producer.produce(request).getAppendsCount()).isEqualTo(1);
    }
  }

  private static List<String> consume(ManagedChannel channel) throws Exception {
    List<String> read = new ArrayList<>();
    BlockingClientCall<ReadRequest, ReadResponse> stream =
        FetchServiceGrpc.newBlockingV2Stub(channel).read();
    stream.write(
        ReadRequest.newBuilder()
            .addTopics(TopicStart.newBuilder().setTopic("words"))
            .setUntilEnd(true)
            .build());
    for (ReadResponse frame; (frame = stream.read()) != null; ) {
      PartitionBatches batches = frame.getBatches();
      for (RecordBatch batch : batches.getBatchesList()) {
        for (Record record : batch.getRecords().getRecordsList()) {
          read.add(record.getKey().toStringUtf8() + "=" + record.getValue().toStringUtf8());
        }
      }
    }
    return read;
  }
}
