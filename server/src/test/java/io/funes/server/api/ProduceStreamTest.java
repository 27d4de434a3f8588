package io.funes.server.api;

import static io.funes.server.api.Requests.batch;
import static io.funes.server.api.Requests.compressed;
import static io.funes.server.api.Requests.produce;
import static io.funes.server.api.Requests.producer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.funes.proto.v1.Acks;
import io.funes.proto.v1.FetchResponse;
import io.funes.proto.v1.PartitionAppend;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.ProduceResult;
import io.funes.proto.v1.ProduceServiceGrpc;
import io.funes.proto.v1.ProduceStreamRequest;
import io.funes.proto.v1.ProduceStreamResponse;
import io.funes.proto.v1.RecordBatch;
import io.funes.proto.v1.Topic;
import io.funes.server.common.ErrorCode;
import io.funes.server.record.Codec;
import io.funes.server.testing.Answers;
import io.funes.server.testing.BrokerFixture;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Produce through generated stubs: pipelined, deduplicated, in every form a batch can have. */
class ProduceStreamTest {
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

  /** One stream: requests go out at once, results are gathered until it ends. */
  private final class Pipeline {
    private final Answers<ProduceStreamResponse> answers = new Answers<>();
    private final StreamObserver<ProduceStreamRequest> requests =
        ProduceServiceGrpc.newStub(broker.channel()).produceStream(answers);

    Pipeline send(long correlationId, ProduceRequest.Builder request) {
      requests.onNext(
          ProduceStreamRequest.newBuilder()
              .setCorrelationId(correlationId)
              .setRequest(request)
              .build());
      return this;
    }

    /** Half-closes; all results in the order in which they came. */
    List<ProduceResult> finish() {
      requests.onCompleted();
      return answers.all().stream().flatMap(answer -> answer.getResultsList().stream()).toList();
    }
  }

  private PartitionAppend send(ProduceRequest.Builder request) {
    return broker.produce().produce(request.build()).getAppends(0);
  }

  private List<String> stored(String topic) {
    FetchResponse response = broker.fetch().fetch(Requests.fetch(Requests.earliest(topic)).build());
    return Requests.values(response);
  }

  @Test
  void requestsUnderWayAreAnsweredInOrderAndTheHalfClosedStreamEndsWithOk() {
    broker.createTopic("t", 1, Map.of());
    Pipeline pipeline = new Pipeline();
    for (int i = 0; i < 3_000; i++) {
      pipeline.send(i, produce("t", "value-" + i));
    }

    List<ProduceResult> results = pipeline.finish();

    assertThat(results)
        .extracting(ProduceResult::getCorrelationId)
        .containsExactlyElementsOf(LongStream.range(0, 3_000).boxed().toList());
    assertThat(results)
        .extracting(result -> result.getResponse().getAppends(0).getBaseOffset())
        .containsExactlyElementsOf(LongStream.range(0, 3_000).boxed().toList());
    assertThat(stored("t")).hasSize(3_000).endsWith("value-2999");
  }

  /** Else the broker would wait for its clients for as long as it may. */
  @Test
  @Timeout(30)
  void brokerThatStopsAnswersWhatItHasTakenAndEndsTheStream() {
    broker.restart(Map.of("shutdown.timeout.ms", "60000"));
    broker.createTopic("t", 1, Map.of());
    Pipeline pipeline = new Pipeline();
    for (int i = 0; i < 500; i++) {
      pipeline.send(i, produce("t", "value-" + i));
    }

    broker.stopBroker();

    assertThatThrownBy(pipeline.answers::all)
        .hasMessageContaining("UNAVAILABLE: the broker is stopping");
    int answered = pipeline.answers.soFar().size();
    broker.restart();
    assertThat(stored("t")).hasSize(answered);
  }

  @Test
  void anErrorIsAnAnswerAndTheStreamGoesOn() {
    broker.createTopic("t", 1, Map.of());

    List<ProduceResult> results =
        new Pipeline()
            .send(1, produce("t", "a"))
            .send(2, produce("nowhere", "b"))
            .send(3, produce("t", "c").setProducer(producer(0, 0, 0)))
            .send(4, produce("t", "d").setAcksValue(77))
            .send(5, produce("t", "e").setPartition(-3))
            .send(6, produce("t").setPartition(0))
            .send(7, produce("t", "f"))
            .finish();

    assertThat(results)
        .extracting(ProduceResult::hasError)
        .containsExactly(false, true, true, true, true, true, false);
    assertThat(results.subList(1, 6))
        .extracting(result -> Errors.of(result.getError()).code())
        .containsExactly(
            ErrorCode.UNKNOWN_TOPIC,
            ErrorCode.INVALID_ARGUMENT,
            ErrorCode.INVALID_ARGUMENT,
            ErrorCode.INVALID_ARGUMENT,
            ErrorCode.NO_RECORDS);
    assertThat(stored("t")).containsExactly("a", "f");
  }

  @Test
  void acksOfOnePartitionComeInOrderWhenTheyWaitForTheDisk() {
    broker.createTopic("safe", 2, Map.of("flush", "before-ack"));
    Pipeline pipeline = new Pipeline();
    for (int i = 0; i < 400; i++) {
      pipeline.send(i, produce("safe", "v" + i).setPartition(i % 2));
    }

    List<ProduceResult> results = pipeline.finish();

    assertThat(results).hasSize(400).noneMatch(ProduceResult::hasError);
    for (int partition = 0; partition < 2; partition++) {
      int wanted = partition;
      assertThat(results)
          .filteredOn(r -> r.getResponse().getAppends(0).getPartition() == wanted)
          .extracting(r -> r.getResponse().getAppends(0).getBaseOffset())
          .containsExactlyElementsOf(LongStream.range(0, 200).boxed().toList());
    }
  }

  @Test
  void withoutAcksTheAnswerHasNoOffsetsAndTheRecordIsThere() {
    broker.createTopic("t", 1, Map.of());

    List<ProduceResult> results =
        new Pipeline()
            .send(1, produce("t", "a").setAcks(Acks.ACKS_NONE))
            .send(2, produce("nowhere", "b").setAcks(Acks.ACKS_NONE))
            .send(3, produce("t", "c").setAcks(Acks.ACKS_LEADER))
            .finish();

    assertThat(results).hasSize(3).noneMatch(ProduceResult::hasError);
    assertThat(results.get(0).getResponse().getAppendsCount()).isZero();
    assertThat(results.get(2).getResponse().getAppends(0).getBaseOffset()).isEqualTo(1);
    assertThat(broker.produce().produce(produce("t", "d").setAcks(Acks.ACKS_NONE).build()))
        .extracting(r -> r.getAppendsCount())
        .isEqualTo(0);
    assertThat(stored("t")).containsExactly("a", "c", "d");
  }

  @Test
  void aRepeatedRequestIsAnsweredWithItsFirstOffsetsAlsoAfterARestart() {
    broker.createTopic("t", 1, Map.of());
    send(produce("t", "before"));
    ProduceRequest.Builder request = produce("t", "a", "b").setProducer(producer(9, 0, 0));
    PartitionAppend first = send(request);
    assertThat(first.getDeduplicated()).isFalse();

    PartitionAppend again = send(request);
    broker.restart();
    PartitionAppend afterRestart = send(request);

    assertThat(again).isEqualTo(first.toBuilder().setDeduplicated(true).build());
    assertThat(afterRestart).isEqualTo(again);
    assertThat(stored("t")).containsExactly("before", "a", "b");
  }

  @Test
  void theLastFiveBatchesOfAProducerAreRemembered() {
    broker.createTopic("t", 1, Map.of());
    for (int i = 0; i < 6; i++) {
      send(produce("t", "v" + i).setProducer(producer(9, 0, i)));
    }

    for (int i = 1; i < 6; i++) {
      PartitionAppend again = send(produce("t", "v" + i).setProducer(producer(9, 0, i)));
      assertThat(again.getDeduplicated()).isTrue();
      assertThat(again.getBaseOffset()).isEqualTo(i);
    }
    Errors forgotten = Errors.of(() -> send(produce("t", "v0").setProducer(producer(9, 0, 0))));
    assertThat(forgotten.code()).isEqualTo(ErrorCode.SEQUENCE_GAP);
    assertThat(stored("t")).hasSize(6);
  }

  @Test
  void aRepetitionOfARequestThatStillWaitsForTheDiskIsAnsweredWithIt() {
    broker.createTopic("safe", 1, Map.of("flush", "before-ack"));
    Pipeline pipeline = new Pipeline();
    for (int i = 0; i < 50; i++) {
      pipeline.send(2L * i, produce("safe", "v").setProducer(producer(9, 0, i)));
      pipeline.send(2L * i + 1, produce("safe", "v").setProducer(producer(9, 0, i)));
    }

    List<ProduceResult> results = pipeline.finish();

    assertThat(results)
        .extracting(r -> r.getResponse().getAppends(0).getBaseOffset())
        .containsExactlyElementsOf(LongStream.range(0, 100).map(i -> i / 2).boxed().toList());
    assertThat(stored("safe")).hasSize(50);
  }

  @Test
  void keyedRecordsOfARepeatedRequestGoWhereTheyWent() {
    broker.createTopic("keyed", 5, Map.of());
    ProduceRequest.Builder request =
        ProduceRequest.newBuilder().setTopic("keyed").setProducer(producer(11, 0, 0));
    IntStream.range(0, 40).forEach(i -> request.addRecords(Requests.keyed("k" + i, "v")));
    List<PartitionAppend> first = broker.produce().produce(request.build()).getAppendsList();

    List<PartitionAppend> again = broker.produce().produce(request.build()).getAppendsList();

    assertThat(first).hasSizeGreaterThan(1);
    assertThat(again).allMatch(PartitionAppend::getDeduplicated);
    assertThat(again)
        .extracting(PartitionAppend::getBaseOffset)
        .isEqualTo(first.stream().map(PartitionAppend::getBaseOffset).toList());
    assertThat(stored("keyed")).hasSize(40);
  }

  @Test
  void sequencesWrapWhereTheBrokerChoosesThePartition() {
    broker.createTopic("t", 3, Map.of());
    int last = Integer.MAX_VALUE;
    ProduceRequest before = keyed("a", "b", "c", "d").setProducer(producer(9, 0, last - 3)).build();
    ProduceRequest across = keyed("e", "f", "g", "h").setProducer(producer(9, 0, last)).build();
    ProduceRequest after = keyed("a", "b", "c", "d").setProducer(producer(9, 0, 3)).build();
    List<ProduceRequest> inOrder = List.of(before, across, after);

    inOrder.forEach(request -> broker.produce().produce(request));
    inOrder.forEach(request ->
        assertThat(broker.produce().produce(request).getAppendsList())
            .allMatch(PartitionAppend::getDeduplicated));

    assertThat(stored("t")).hasSize(12);
    ProduceRequest older = keyed("a").setProducer(producer(9, 0, last - 9)).build();
    assertThat(Errors.of(() -> broker.produce().produce(older)).code())
        .isEqualTo(ErrorCode.SEQUENCE_GAP);
  }

  /** A request that leaves the partition to the broker. */
  private static ProduceRequest.Builder keyed(String... keys) {
    ProduceRequest.Builder request = ProduceRequest.newBuilder().setTopic("t");
    for (String key : keys) {
      request.addRecords(Requests.keyed(key, "value"));
    }
    return request;
  }

  @Test
  void topicsWithAppendTimeTakeTheBrokersClock() {
    broker.createTopic("clock", 1, Map.of("timestamp.type", "append"));
    long before = System.currentTimeMillis();
    ProduceRequest.Builder request =
        produce("clock")
            .addRecords(Requests.record("x").toBuilder().setTimestampMs(5))
            .setProducer(producer(3, 0, 0));

    PartitionAppend append = send(request);

    assertThat(append.getAppendTimeMs()).isBetween(before, System.currentTimeMillis());
    assertThat(send(request).getAppendTimeMs()).isEqualTo(append.getAppendTimeMs());
    RecordBatch read =
        broker
            .fetch()
            .fetch(Requests.fetch(Requests.earliest("clock")).build())
            .getPartitions(0)
            .getBatches(0);
    assertThat(read.getAppendTimeMs()).isEqualTo(append.getAppendTimeMs());
  }

  @Test
  void everyFormOfABatchLandsInTheSameBytes() {
    Topic topic = broker.createTopic("forms", 1, Map.of());
    long now = 1_000;
    ProduceRequest.Builder typed = produce("forms");
    for (String value : List.of("a", "b")) {
      typed.addRecords(Requests.record(value).toBuilder().setTimestampMs(now));
    }
    send(typed);
    RecordBatch.Builder encoded =
        batch("a", "b")
            .setRecords(
                io.funes.proto.v1.Records.newBuilder().addAllRecords(typed.getRecordsList()));
    send(produce("forms", encoded));
    byte[] canonical = CanonicalBytes.of(CanonicalBytes.canonical(encoded.build()).build());
    send(CanonicalBytes.produce("forms", ByteString.copyFrom(canonical)));

    List<RecordBatch> batches = broker.segment(topic).getBatchesList();

    assertThat(batches).hasSize(3);
    assertThat(batches).extracting(RecordBatch::getBaseOffset).containsExactly(0L, 2L, 4L);
    assertThat(batches).extracting(RecordBatch::getRecords).containsOnly(encoded.getRecords());
    assertThat(batches.get(2).toBuilder().setBaseOffset(2).build()).isEqualTo(batches.get(1));
    assertThat(batches)
        .allMatch(
            batch -> batch.getSerializedSize() <= 80 + 2 + batch.getRecords().getSerializedSize());
    assertThat(batches.get(1).getCrc32C())
        .isEqualTo(CanonicalBytes.crc(batches.get(1)))
        .isNotZero();
    assertThat(CanonicalBytes.file(folder, topic)).isEqualTo(CanonicalBytes.entries(batches));
  }

  @Test
  void fieldsThatABatchLeavesOutOrPutsInAnotherOrderAreWrittenInTheirPlaces() {
    Topic topic = broker.createTopic("order", 1, Map.of());
    RecordBatch whole =
        batch("a").setProducerId(4).setBaseTimestampMs(0).setMaxTimestampMs(0).build();
    RecordBatch body = RecordBatch.newBuilder().setRecords(whole.getRecords()).build();
    RecordBatch header = whole.toBuilder().clearBody().build();

    send(CanonicalBytes.produce("order", body.toByteString().concat(header.toByteString())));

    RecordBatch stored = broker.segment(topic).getBatches(0);
    assertThat(stored.getRecords()).isEqualTo(whole.getRecords());
    assertThat(stored.getProducerId()).isEqualTo(4);
    assertThat(CanonicalBytes.file(folder, topic))
        .isEqualTo(CanonicalBytes.entries(List.of(stored)));
  }

  @Test
  void compressedBatchesKeepTheirBodies() {
    Topic topic = broker.createTopic("zipped", 1, Map.of());
    List<RecordBatch> sent = new ArrayList<>();
    for (Codec codec : List.of(Codec.GZIP, Codec.SNAPPY, Codec.LZ4, Codec.ZSTD)) {
      RecordBatch.Builder batch = compressed(codec, "a", "b");
      sent.add(batch.build());
      send(produce("zipped", batch));
    }

    assertThat(broker.segment(topic).getBatchesList())
        .extracting(RecordBatch::getCompressedRecords)
        .containsExactlyElementsOf(sent.stream().map(RecordBatch::getCompressedRecords).toList());
  }

  @Test
  void anExpectedOffsetIsHeldOnlyByTheFirstThatAsks() throws Exception {
    broker.createTopic("t", 1, Map.of());

    List<ProduceResult> results =
        new Pipeline()
            .send(1, produce("t", "a").setExpectedOffset(0))
            .send(2, produce("t", "b").setExpectedOffset(0))
            .send(3, produce("t", "c").setExpectedOffset(1))
            .finish();

    assertThat(results).extracting(ProduceResult::hasError).containsExactly(false, true, false);
    assertThat(stored("t")).containsExactly("a", "c");
  }
}
