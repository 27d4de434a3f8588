package io.funes.server.api;

import static io.funes.server.api.Requests.at;
import static io.funes.server.api.Requests.compressed;
import static io.funes.server.api.Requests.earliest;
import static io.funes.server.api.Requests.fetch;
import static io.funes.server.api.Requests.produce;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.funes.proto.v1.FetchRequest;
import io.funes.proto.v1.FetchResponse;
import io.funes.proto.v1.FetchServiceGrpc;
import io.funes.proto.v1.Latest;
import io.funes.proto.v1.ListOffsetsRequest;
import io.funes.proto.v1.PartitionBatches;
import io.funes.proto.v1.PartitionOffset;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.Record;
import io.funes.proto.v1.RecordBatch;
import io.funes.proto.v1.Start;
import io.funes.server.common.ErrorCode;
import io.funes.server.record.Codec;
import io.funes.server.testing.BrokerFixture;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code Fetch} and {@code ListOffsets} through generated stubs. */
class FetchTest {
  /** What stubs accept unless told otherwise. */
  private static final int MESSAGE_BYTES_MAX = 4 << 20;

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

  private static void send(ProduceRequest.Builder request) {
    broker.produce().produce(request.build());
  }

  private static FetchResponse get(FetchRequest.Builder request) {
    return broker.fetch().fetch(request.build());
  }

  @Test
  void aLongPollWaitsAndIsWoken() throws Exception {
    broker.createTopic("poll", 1, Map.of());
    Future<FetchResponse> waiting =
        FetchServiceGrpc.newFutureStub(broker.channel())
            .withDeadlineAfter(30, TimeUnit.SECONDS)
            .fetch(fetch(earliest("poll")).setMaxWaitMs(25_000).build());
    assertThat(get(fetch(earliest("poll"))).getPartitions(0).getBatchesCount()).isZero();
    assertThat(waiting.isDone()).isFalse();

    send(produce("poll", "a"));

    assertThat(Requests.values(waiting.get(10, TimeUnit.SECONDS))).containsExactly("a");
  }

  @Test
  void aPollWaitsForSoManyBytes() throws Exception {
    broker.createTopic("minimum", 1, Map.of());
    send(produce("minimum", "a"));
    Future<FetchResponse> waiting =
        FetchServiceGrpc.newFutureStub(broker.channel())
            .withDeadlineAfter(30, TimeUnit.SECONDS)
            .fetch(fetch(earliest("minimum")).setMinBytes(2_000).setMaxWaitMs(25_000).build());
    send(produce("minimum", "b"));
    assertThat(Requests.values(get(fetch(earliest("minimum"))))).containsExactly("a", "b");
    assertThat(waiting.isDone()).isFalse();

    send(produce("minimum", "c".repeat(2_000)));

    assertThat(Requests.values(waiting.get(10, TimeUnit.SECONDS))).hasSize(3);
  }

  @Test
  void aPollThatGetsTooLittleGivesWhatIsThereWhenItsTimeIsOver() {
    broker.createTopic("little", 1, Map.of());
    send(produce("little", "a"));

    assertThat(Requests.values(get(fetch(earliest("little")).setMinBytes(9_000).setMaxWaitMs(50))))
        .containsExactly("a");
  }

  @Test
  void theAnswerComesBeforeTheCallersDeadlinePasses() {
    broker.createTopic("deadline", 1, Map.of());
    FetchResponse response =
        FetchServiceGrpc.newBlockingStub(broker.channel())
            .withDeadlineAfter(2, TimeUnit.SECONDS)
            .fetch(fetch(earliest("deadline")).setMaxWaitMs(60_000).build());

    assertThat(response.getPartitions(0).getBatchesCount()).isZero();
    assertThat(response.getPartitions(0).getNextOffset()).isZero();
  }

  @Test
  void aWaitingPollEndsWhenItsTopicIsDeleted() {
    broker.createTopic("doomed", 1, Map.of());
    var waiting =
        FetchServiceGrpc.newFutureStub(broker.channel())
            .withDeadlineAfter(30, TimeUnit.SECONDS)
            .fetch(fetch(earliest("doomed")).setMaxWaitMs(25_000).build());

    broker
        .topics()
        .deleteTopic(io.funes.proto.v1.DeleteTopicRequest.newBuilder().setName("doomed").build());

    Errors error =
        Errors.of(() -> {
          try {
            waiting.get(10, TimeUnit.SECONDS);
          } catch (java.util.concurrent.ExecutionException e) {
            throw e.getCause();
          }
        });
    assertThat(error.code()).isEqualTo(ErrorCode.UNKNOWN_TOPIC);
  }

  @Test
  void batchesComeWholeFromTheOneThatHoldsTheOffset() {
    broker.createTopic("whole", 1, Map.of());
    send(produce("whole", "a", "b", "c"));
    send(produce("whole", "d"));

    PartitionBatches from1 = get(fetch(at("whole", 1)).setMaxBytes(1)).getPartitions(0);

    assertThat(from1.getBatchesCount()).isEqualTo(1);
    assertThat(from1.getBatches(0).getBaseOffset()).isZero();
    assertThat(from1.getStartOffset()).isEqualTo(1);
    assertThat(from1.getNextOffset()).isEqualTo(3);
    assertThat(from1.getHighWatermark()).isEqualTo(4);
    assertThat(Requests.values(from1)).containsExactly("b", "c");
    PartitionBatches atEnd = get(fetch(at("whole", 4))).getPartitions(0);
    assertThat(atEnd.getBatchesCount()).isZero();
    assertThat(atEnd.getNextOffset()).isEqualTo(4);
  }

  @Test
  void severalTopicsShareTheBytesAndAllAreNamed() {
    for (String topic : List.of("many-a", "many-b")) {
      broker.createTopic(topic, 2, Map.of());
      send(produce(topic, "x".repeat(10_000)));
      send(produce(topic, "y").setPartition(1));
    }

    FetchResponse all = get(fetch(earliest("many-b"), earliest("many-a")));
    FetchResponse little = get(fetch(earliest("many-b"), earliest("many-a")).setMaxBytes(1_000));

    assertThat(all.getPartitionsList())
        .extracting(p -> p.getTopic() + p.getPartition())
        .containsExactly("many-b0", "many-b1", "many-a0", "many-a1");
    assertThat(Requests.values(all)).hasSize(4);
    assertThat(little.getPartitionsList()).hasSize(4);
    assertThat(little.getPartitionsList())
        .extracting(PartitionBatches::getBatchesCount)
        .containsExactly(1, 0, 0, 0);
    assertThat(little.getPartitionsList())
        .extracting(PartitionBatches::getNextOffset)
        .containsExactly(1L, 0L, 0L, 0L);
  }

  @ParameterizedTest
  @EnumSource(value = Codec.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void aReaderGetsACodecOnlyIfItSaysSo(Codec codec) {
    String topic = "codec-" + codec;
    broker.createTopic(topic, 1, Map.of());
    RecordBatch sent = compressed(codec, "a", "b".repeat(3_000)).build();
    send(produce(topic, sent.toBuilder()));

    RecordBatch plain = get(fetch(earliest(topic))).getPartitions(0).getBatches(0);
    RecordBatch asItIs =
        get(fetch(earliest(topic)).addAcceptedCodecsValue(codec.id()))
            .getPartitions(0)
            .getBatches(0);

    assertThat(plain.getRecords()).isEqualTo(Requests.batch("a", "b".repeat(3_000)).getRecords());
    assertThat(plain.getAttributes()).isZero();
    assertThat(plain.getCrc32C()).isEqualTo(CanonicalBytes.crc(plain));
    assertThat(asItIs.getCompressedRecords()).isEqualTo(sent.getCompressedRecords());
    assertThat(asItIs.getCrc32C()).isEqualTo(CanonicalBytes.crc(asItIs));
  }

  @Test
  void aReplyStaysSmallEnoughForStubsWhenBatchesGrow() {
    broker.createTopic("plain", 1, Map.of("max.record.bytes", "3000000"));
    broker.createTopic("grows", 1, Map.of("max.record.bytes", "3000000"));
    send(produce("plain", "x".repeat(2_500_000)));
    for (int i = 0; i < 3; i++) {
      send(produce("grows", compressed(Codec.ZSTD, "z".repeat(2_500_000))));
    }

    FetchResponse response =
        get(fetch(earliest("plain"), earliest("grows")).setMaxBytes(3_400_000));

    assertThat(response.getSerializedSize()).isLessThan(MESSAGE_BYTES_MAX);
    assertThat(Requests.values(response)).contains("x".repeat(2_500_000));
    long next = 0;
    for (int i = 0; i < 3; i++) {
      PartitionBatches one = get(fetch(at("grows", next))).getPartitions(0);
      assertThat(one.getSerializedSize()).isLessThan(MESSAGE_BYTES_MAX);
      assertThat(one.getNextOffset()).isEqualTo(++next);
    }
  }

  @Test
  void offsetsAreFoundByPlaceAndTime() {
    broker.createTopic("times", 1, Map.of());
    for (long time : new long[] {1_000, 2_000, 3_000}) {
      send(
          produce("times")
              .addRecords(
                  Record.newBuilder().setTimestampMs(time).setValue(ByteString.copyFromUtf8("v"))));
    }

    assertThat(offset(Start.newBuilder().setTimestampMs(0)).getOffset()).isZero();
    PartitionOffset between = offset(Start.newBuilder().setTimestampMs(1_001));
    assertThat(between.getOffset()).isEqualTo(1);
    assertThat(between.getTimestampMs()).isEqualTo(2_000);
    PartitionOffset after = offset(Start.newBuilder().setTimestampMs(9_000));
    assertThat(after.getOffset()).isEqualTo(3);
    assertThat(after.hasTimestampMs()).isFalse();
    PartitionOffset latest = offset(Start.newBuilder().setLatest(Latest.getDefaultInstance()));
    assertThat(latest.getOffset()).isEqualTo(3);
    assertThat(latest.getHighWatermark()).isEqualTo(3);
    assertThat(latest.getLogStartOffset()).isZero();
    assertThat(Requests.values(get(fetch(at("times", Start.newBuilder().setTimestampMs(2_500))))))
        .hasSize(1);
  }

  private static PartitionOffset offset(Start.Builder start) {
    return broker
        .fetch()
        .listOffsets(ListOffsetsRequest.newBuilder().addTopics(at("times", start)).build())
        .getOffsets(0);
  }

  @Test
  void aPollThatBeginsWhileRecordsComeIsAlwaysAnswered() throws Exception {
    broker.createTopic("busy", 1, Map.of());
    Thread producer =
        Thread.ofVirtual()
            .start(() -> {
              while (!Thread.currentThread().isInterrupted()) {
                try {
                  send(produce("busy", "x"));
                } catch (io.grpc.StatusRuntimeException e) {
                  return;
                }
              }
            });
    try {
      Start.Builder latest = Start.newBuilder().setLatest(Latest.getDefaultInstance());
      for (int i = 0; i < 500; i++) {
        assertThat(Requests.values(get(fetch(at("busy", latest)).setMaxWaitMs(10_000))))
            .isNotEmpty();
      }
    } finally {
      producer.interrupt();
      producer.join();
    }
  }
}
