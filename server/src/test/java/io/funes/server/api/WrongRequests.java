package io.funes.server.api;

import static io.funes.server.api.Requests.batch;
import static io.funes.server.api.Requests.produce;
import static io.funes.server.api.Requests.producer;
import static io.funes.server.api.Requests.record;

import com.google.rpc.BadRequest;
import io.funes.proto.v1.ClusterServiceGrpc;
import io.funes.proto.v1.CreateTopicRequest;
import io.funes.proto.v1.GetTopicRequest;
import io.funes.proto.v1.OffsetMismatch;
import io.funes.proto.v1.OffsetRange;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.ProducerFenced;
import io.funes.proto.v1.RemoveBrokerRequest;
import io.funes.proto.v1.SequenceGap;
import io.funes.server.common.ErrorCode;
import io.funes.server.testing.BrokerFixture;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/** Requests that a broker which is well refuses for what they ask. */
final class WrongRequests implements AutoCloseable {
  private final BrokerFixture broker;

  WrongRequests(Path folder) {
    broker =
        BrokerFixture.in(
            folder,
            Map.of(
                "broker.partitions.max", "20",
                "topic.partitions.max", "30",
                "batch.bytes.max", "100000"));
    broker.createTopic("t", 2, Map.of("max.record.bytes", "1024"));
    broker.createTopic("compacted", 1, Map.of("cleanup.policy", "compact"));
    broker.createTopic("sequences", 1, Map.of());
    broker.createTopic("offsets", 1, Map.of());
    send(produce("offsets", "a", "b"));
    send(produce("sequences", "a", "b").setProducer(producer(7, 3, 0)));
  }

  private void send(ProduceRequest.Builder request) {
    broker.produce().produce(request.build());
  }

  private Provocation sending(ProduceRequest.Builder request, String... metadata) {
    return Provocation.of(() -> send(request), metadata);
  }

  Provocation ofTopics(ErrorCode code) {
    return switch (code) {
      case INVALID_TOPIC_NAME -> sending(produce("no/slash", "x"), "topic", "no/slash");
      case INVALID_TOPIC_CONFIG ->
          Provocation.of(
              () -> broker.createTopic("c", 1, Map.of("retention.m", "1")),
              "config",
              "retention.m",
              "nearest",
              "retention.ms");
      case INVALID_PARTITION_COUNT ->
          Provocation.of(() -> broker.createTopic("c", 31, Map.of()), "partition_count", "31");
      case INVALID_REPLICATION_FACTOR ->
          Provocation.of(
              () ->
                  broker
                      .topics()
                      .createTopic(
                          CreateTopicRequest.newBuilder()
                              .setName("c")
                              .setReplicationFactor(2)
                              .build()),
              "replication_factor",
              "2",
              "brokers",
              "1");
      case UNKNOWN_TOPIC -> sending(produce("nowhere", "x"), "topic", "nowhere");
      case UNKNOWN_PARTITION ->
          sending(produce("t", "x").setPartition(2), "partition", "2", "partition_count", "2");
      case TOPIC_EXISTS -> Provocation.of(() -> broker.createTopic("t", 1, Map.of()), "topic", "t");
      case TOPIC_ID_MISMATCH ->
          sending(
              produce("t", "x").setTopicId(new UUID(1, 2).toString()),
              "topic",
              "t",
              "topic_id",
              id("t"));
      case TOO_MANY_PARTITIONS -> Provocation.of(() -> broker.createTopic("c", 20, Map.of()));
      case INTERNAL_TOPIC -> Provocation.of(() -> broker.createTopic("__x", 1, Map.of()));
      default -> throw new AssertionError(code);
    };
  }

  private String id(String topic) {
    return broker
        .topics()
        .getTopic(GetTopicRequest.newBuilder().setName(topic).build())
        .getTopic()
        .getId();
  }

  Provocation ofRecords(ErrorCode code) {
    return switch (code) {
      case RECORD_TOO_LARGE ->
          sending(produce("t", "ok", "x".repeat(1100)), "record", "1", "max.record.bytes", "1024");
      case BATCH_TOO_LARGE ->
          sending(produce("offsets", "x".repeat(100_001)), "batch.bytes.max", "100000");
      case MALFORMED_RECORDS ->
          sending(
              produce("t", "ok").addRecords(record("x").toBuilder().setOffsetDelta(1)),
              "record",
              "1");
      case CRC_MISMATCH -> sending(produce("t", batch("x").setCrc32C(0x1234)), "crc32c", "1234");
      case RECORD_COUNT_MISMATCH ->
          sending(
              produce("t", batch("x").setRecordCount(3).setLastOffsetDelta(2)),
              "record_count",
              "3",
              "counted",
              "1");
      case INVALID_CODEC -> sending(produce("t", batch("x").setAttributes(6)), "codec", "6");
      case KEY_REQUIRED -> sending(produce("compacted", "x"), "record", "0");
      case NO_RECORDS -> sending(produce("t"));
      case INVALID_TIMESTAMP ->
          sending(
              produce("t").addRecords(record("x").toBuilder().setTimestampMs(-5)),
              "record",
              "0",
              "timestamp_ms",
              "-5");
      default -> throw new AssertionError(code);
    };
  }

  Provocation ofState(ErrorCode code) {
    return switch (code) {
      case INVALID_ARGUMENT ->
          sending(produce("t", "x").setProducer(producer(-1, 0, 0)))
              .with(
                  BadRequest.newBuilder()
                      .addFieldViolations(
                          BadRequest.FieldViolation.newBuilder().setField("producer.producer_id"))
                      .build());
      case OFFSET_OUT_OF_RANGE ->
          Provocation.of(
                  () -> broker.fetch().fetch(Requests.fetch(Requests.at("offsets", 3)).build()),
                  "offset",
                  "3")
              .with(OffsetRange.newBuilder().setHighWatermark(2).build());
      case SEQUENCE_GAP ->
          sending(produce("sequences", "x").setProducer(producer(7, 3, 5)), "sequence", "5")
              .with(SequenceGap.newBuilder().setExpectedSequence(2).setSequence(5).build());
      case STALE_PRODUCER_EPOCH ->
          sending(produce("sequences", "x").setProducer(producer(7, 2, 2)))
              .with(ProducerFenced.newBuilder().setCurrentEpoch(3).build());
      case EXPECTED_OFFSET_MISMATCH ->
          sending(produce("offsets", "x").setExpectedOffset(9), "expected_offset", "9")
              .with(OffsetMismatch.newBuilder().setLogEndOffset(2).build());
      default -> throw new AssertionError(code);
    };
  }

  Provocation ofBrokers(ErrorCode code) {
    return switch (code) {
      case UNKNOWN_BROKER -> Provocation.of(() -> remove(9), "broker", "9");
      case BROKER_IN_USE -> Provocation.of(() -> remove(0), "broker", "0");
      default -> throw new AssertionError(code);
    };
  }

  private void remove(int brokerId) {
    var _ =
        ClusterServiceGrpc.newBlockingStub(broker.channel())
            .removeBroker(RemoveBrokerRequest.newBuilder().setBrokerId(brokerId).build());
  }

  @Override
  public void close() {
    broker.close();
  }
}
