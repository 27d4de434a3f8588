package io.funes.server.api;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static io.funes.server.api.Requests.batch;
import static io.funes.server.api.Requests.produce;
import static io.funes.server.api.Requests.producer;
import static io.funes.server.api.Requests.record;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.funes.proto.v1.ClusterServiceGrpc;
import io.funes.proto.v1.CreateTopicRequest;
import io.funes.proto.v1.ErrorProto;
import io.funes.proto.v1.ErrorReason;
import io.funes.proto.v1.GetTopicRequest;
import io.funes.proto.v1.InitProducerRequest;
import io.funes.proto.v1.OffsetMismatch;
import io.funes.proto.v1.OffsetRange;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.ProduceResponse;
import io.funes.proto.v1.ProduceServiceGrpc;
import io.funes.proto.v1.ProducerFenced;
import io.funes.proto.v1.ReassignPartitionsRequest;
import io.funes.proto.v1.RecordBatch;
import io.funes.proto.v1.RemoveBrokerRequest;
import io.funes.proto.v1.ReplicaAssignment;
import io.funes.proto.v1.SequenceGap;
import io.funes.proto.v1.UpdateTopicRequest;
import io.funes.server.ArchitectureTest;
import io.funes.server.api.interceptor.DeadlineInterceptor;
import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.metadata.MetadataLimits;
import io.funes.server.routing.Caller;
import io.funes.server.testing.BrokerFixture;
import io.funes.server.testing.PassedDeadline;
import io.funes.server.testing.ServicesFixture;
import io.grpc.Metadata;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every reason is provoked through generated stubs and read back as any language reads it. */
class ErrorReasonTest {
  /** What only brokers tell each other so far, through no service of clients. */
  private static final Set<ErrorCode> AMONG_BROKERS =
      EnumSet.of(
          ErrorCode.FENCED_LEADER_EPOCH,
          ErrorCode.UNKNOWN_LEADER_EPOCH,
          ErrorCode.STALE_BROKER_EPOCH,
          ErrorCode.STALE_PARTITION_EPOCH);

  @TempDir static Path folder;
  private static BrokerFixture broker;
  private static ServicesFixture services;

  @BeforeAll
  static void start() {
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

  @AfterAll
  static void stop() {
    broker.close();
  }

  @AfterEach
  void stopServices() {
    if (services != null) {
      services.close();
      services = null;
    }
  }

  private static void send(ProduceRequest.Builder request) {
    broker.produce().produce(request.build());
  }

  /** A call that must be refused, what its error must name, and its typed detail. */
  private record Case(ThrowingCallable call, Map<String, String> metadata, Message detail) {
    static Case sending(ProduceRequest.Builder request, String... metadata) {
      return calling(() -> send(request), metadata);
    }

    static Case calling(ThrowingCallable call, String... metadata) {
      Map<String, String> pairs = new java.util.HashMap<>();
      for (int i = 0; i < metadata.length; i += 2) {
        pairs.put(metadata[i], metadata[i + 1]);
      }
      return new Case(call, pairs, null);
    }

    Case with(Message newDetail) {
      return new Case(call, metadata, newDetail);
    }
  }

  /** Exhaustive: a new code does not compile until it has a case or a reason why not. */
  private static Case provoke(ErrorCode code) {
    return switch (code) {
      case INVALID_TOPIC_NAME,
          INVALID_TOPIC_CONFIG,
          INVALID_PARTITION_COUNT,
          INVALID_REPLICATION_FACTOR,
          UNKNOWN_TOPIC,
          UNKNOWN_PARTITION,
          TOPIC_EXISTS,
          TOPIC_ID_MISMATCH,
          TOO_MANY_PARTITIONS,
          INTERNAL_TOPIC ->
          ofTopics(code);
      case RECORD_TOO_LARGE,
          BATCH_TOO_LARGE,
          MALFORMED_RECORDS,
          CRC_MISMATCH,
          RECORD_COUNT_MISMATCH,
          INVALID_CODEC,
          KEY_REQUIRED,
          NO_RECORDS,
          INVALID_TIMESTAMP ->
          ofRecords(code);
      case INVALID_ARGUMENT,
          OFFSET_OUT_OF_RANGE,
          SEQUENCE_GAP,
          STALE_PRODUCER_EPOCH,
          EXPECTED_OFFSET_MISMATCH ->
          ofState(code);
      case DISK_FULL,
          STORAGE_FAILURE,
          BROKER_UNAVAILABLE,
          LIMIT_REACHED,
          DEADLINE_PASSED,
          INTERNAL ->
          ofTrouble(code);
      case NO_LEADER, NOT_LEADER, NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS_AFTER_APPEND ->
          ofCluster(code);
      case UNKNOWN_BROKER, BROKER_IN_USE, INELIGIBLE_REPLICA -> ofBrokers(code);
      case FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH, STALE_BROKER_EPOCH, STALE_PARTITION_EPOCH ->
          throw new AssertionError(code + " is told among brokers");
    };
  }

  private static Case ofBrokers(ErrorCode code) {
    return switch (code) {
      case UNKNOWN_BROKER -> Case.calling(() -> remove(9), "broker", "9");
      case BROKER_IN_USE -> Case.calling(() -> remove(0), "broker", "0");
      case INELIGIBLE_REPLICA ->
          // One of many in a call, so it is no status of the call itself.
          Case.calling(
              () -> {
                throw StatusProto.toStatusRuntimeException(moveToADeadBroker());
              },
              "broker",
              "1");
      default -> throw new AssertionError(code);
    };
  }

  private static void remove(int brokerId) {
    var _ =
        ClusterServiceGrpc.newBlockingStub(broker.channel())
            .removeBroker(RemoveBrokerRequest.newBuilder().setBrokerId(brokerId).build());
  }

  private static Status moveToADeadBroker() {
    services = ServicesFixture.in(folder.resolve("moves"));
    services.createTopic("t", Map.of());
    services.addBroker(1);
    services.fenceBroker(1);
    return services
        .cluster()
        .reassignPartitions(
            ReassignPartitionsRequest.newBuilder()
                .addAssignments(ReplicaAssignment.newBuilder().setTopic("t").addReplicaIds(1))
                .build())
        .getResults(0)
        .getError();
  }

  private static Case ofTopics(ErrorCode code) {
    return switch (code) {
      case INVALID_TOPIC_NAME -> Case.sending(produce("no/slash", "x"), "topic", "no/slash");
      case INVALID_TOPIC_CONFIG ->
          Case.calling(
              () -> broker.createTopic("c", 1, Map.of("retention.m", "1")),
              "config",
              "retention.m",
              "nearest",
              "retention.ms");
      case INVALID_PARTITION_COUNT ->
          Case.calling(() -> broker.createTopic("c", 31, Map.of()), "partition_count", "31");
      case INVALID_REPLICATION_FACTOR ->
          Case.calling(
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
      case UNKNOWN_TOPIC -> Case.sending(produce("nowhere", "x"), "topic", "nowhere");
      case UNKNOWN_PARTITION ->
          Case.sending(produce("t", "x").setPartition(2), "partition", "2", "partition_count", "2");
      case TOPIC_EXISTS -> Case.calling(() -> broker.createTopic("t", 1, Map.of()), "topic", "t");
      case TOPIC_ID_MISMATCH ->
          Case.sending(
              produce("t", "x").setTopicId(new UUID(1, 2).toString()),
              "topic",
              "t",
              "topic_id",
              id("t"));
      case TOO_MANY_PARTITIONS -> Case.calling(() -> broker.createTopic("c", 20, Map.of()));
      case INTERNAL_TOPIC -> Case.calling(() -> broker.createTopic("__x", 1, Map.of()));
      default -> throw new AssertionError(code);
    };
  }

  private static Case ofRecords(ErrorCode code) {
    return switch (code) {
      case RECORD_TOO_LARGE ->
          Case.sending(
              produce("t", "ok", "x".repeat(1100)), "record", "1", "max.record.bytes", "1024");
      case BATCH_TOO_LARGE ->
          Case.sending(produce("offsets", "x".repeat(100_001)), "batch.bytes.max", "100000");
      case MALFORMED_RECORDS ->
          Case.sending(
              produce("t", "ok").addRecords(record("x").toBuilder().setOffsetDelta(1)),
              "record",
              "1");
      case CRC_MISMATCH ->
          Case.sending(produce("t", batch("x").setCrc32C(0x1234)), "crc32c", "1234");
      case RECORD_COUNT_MISMATCH ->
          Case.sending(
              produce("t", batch("x").setRecordCount(3).setLastOffsetDelta(2)),
              "record_count",
              "3",
              "counted",
              "1");
      case INVALID_CODEC -> Case.sending(produce("t", batch("x").setAttributes(6)), "codec", "6");
      case KEY_REQUIRED -> Case.sending(produce("compacted", "x"), "record", "0");
      case NO_RECORDS -> Case.sending(produce("t"));
      case INVALID_TIMESTAMP ->
          Case.sending(
              produce("t").addRecords(record("x").toBuilder().setTimestampMs(-5)),
              "record",
              "0",
              "timestamp_ms",
              "-5");
      default -> throw new AssertionError(code);
    };
  }

  private static Case ofState(ErrorCode code) {
    return switch (code) {
      case INVALID_ARGUMENT ->
          Case.sending(produce("t", "x").setProducer(producer(-1, 0, 0)))
              .with(
                  BadRequest.newBuilder()
                      .addFieldViolations(
                          BadRequest.FieldViolation.newBuilder().setField("producer.producer_id"))
                      .build());
      case OFFSET_OUT_OF_RANGE ->
          Case.calling(
                  () -> broker.fetch().fetch(Requests.fetch(Requests.at("offsets", 3)).build()),
                  "offset",
                  "3")
              .with(OffsetRange.newBuilder().setHighWatermark(2).build());
      case SEQUENCE_GAP ->
          Case.sending(produce("sequences", "x").setProducer(producer(7, 3, 5)), "sequence", "5")
              .with(SequenceGap.newBuilder().setExpectedSequence(2).setSequence(5).build());
      case STALE_PRODUCER_EPOCH ->
          Case.sending(produce("sequences", "x").setProducer(producer(7, 2, 2)))
              .with(ProducerFenced.newBuilder().setCurrentEpoch(3).build());
      case EXPECTED_OFFSET_MISMATCH ->
          Case.sending(produce("offsets", "x").setExpectedOffset(9), "expected_offset", "9")
              .with(OffsetMismatch.newBuilder().setLogEndOffset(2).build());
      default -> throw new AssertionError(code);
    };
  }

  /** Two brokers, of which this one is up. */
  private static Case ofCluster(ErrorCode code) {
    services = ServicesFixture.in(folder.resolve(code.name()));
    services.addBroker(1);
    boolean copied =
        code == ErrorCode.NOT_ENOUGH_REPLICAS || code == ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND;
    services.createTopic("t", 2, copied ? 2 : 1, Map.of("min.insync.replicas", "2"));
    int partition = copied ? 0 : 1;
    ThrowingCallable send =
        () -> services.produce().produce(produce("t", "x").setPartition(partition).build());
    return switch (code) {
      case NOT_LEADER -> {
        // Else it would be sent on.
        Metadata forwarded = new Metadata();
        forwarded.put(Caller.FORWARDED, "1");
        yield Case.calling(
            () ->
                services
                    .produce()
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(forwarded))
                    .produce(produce("t", "x").setPartition(partition).build()),
            "leader",
            "1",
            "leader_address",
            "127.0.0.1:1943");
      }
      case NO_LEADER -> {
        services.fenceBroker(1);
        yield Case.calling(send, "leader", "-1");
      }
      case NOT_ENOUGH_REPLICAS -> {
        services.fenceBroker(1);
        yield Case.calling(send, "in_sync", "1", "min_insync_replicas", "2");
      }
      default -> {
        ListenableFuture<ProduceResponse> waiting =
            ProduceServiceGrpc.newFutureStub(services.channel())
                .produce(produce("t", "x").setPartition(partition).build());
        services.fenceBroker(1);
        yield Case.calling(
            () -> {
              try {
                waiting.get();
              } catch (ExecutionException e) {
                throw e.getCause();
              }
            },
            "in_sync",
            "1");
      }
    };
  }

  /** Services on a disk, a clock and a metadata log that are in the state to complain about. */
  private static Case ofTrouble(ErrorCode code) {
    services =
        ServicesFixture.in(
            folder.resolve(code.name()),
            new MetadataLimits(10, 10, 1),
            code == ErrorCode.DEADLINE_PASSED
                ? List.of(new PassedDeadline(), new DeadlineInterceptor())
                : List.of());
    if (code == ErrorCode.DEADLINE_PASSED) {
      return Case.calling(() -> services.createTopic("t", Map.of()));
    }
    services.createTopic("t", Map.of());
    ThrowingCallable send = () -> services.produce().produce(produce("t", "x").build());
    return switch (code) {
      case DISK_FULL -> {
        services.gate.update(999);
        yield Case.calling(send, "free_bytes", "999", "disk.free.bytes.min", "1000");
      }
      case STORAGE_FAILURE -> {
        var _ = services.produce().produce(produce("t", "never synced").build());
        services.disk.failSync(true);
        services.startUpkeep(60_000);
        services.time.advanceMs(60_000);
        yield Case.calling(send);
      }
      case BROKER_UNAVAILABLE -> {
        services.endService(Refusal.of(ErrorCode.BROKER_UNAVAILABLE, "the broker is stopping"));
        yield Case.calling(send);
      }
      case LIMIT_REACHED -> {
        var _ = services.produce().initProducer(init("first"));
        yield Case.calling(
            () -> services.produce().initProducer(init("second")), "producer_names_max", "1");
      }
      case INTERNAL -> {
        services.breakMetadata(new IllegalStateException("a bug, as this test wants it"));
        yield Case.calling(() -> services.createTopic("new", Map.of()));
      }
      default -> throw new AssertionError(code);
    };
  }

  private static InitProducerRequest init(String name) {
    return InitProducerRequest.newBuilder().setName(name).build();
  }

  private static String id(String topic) {
    return broker
        .topics()
        .getTopic(GetTopicRequest.newBuilder().setName(topic).build())
        .getTopic()
        .getId();
  }

  private static Set<ErrorCode> codesThatOccur() {
    Set<ErrorCode> codes = EnumSet.allOf(ErrorCode.class);
    codes.removeAll(AMONG_BROKERS);
    return codes;
  }

  @ParameterizedTest
  @MethodSource("codesThatOccur")
  void isToldWithItsStatusAndAllItsParts(ErrorCode code) {
    Case wanted = provoke(code);

    Errors error = Errors.of(wanted.call());

    assertThat(error.info().getReason()).as(error.toString()).isEqualTo(code.name());
    assertThat(error.info().getDomain()).isEqualTo("funes");
    assertThat(error.status().getCode()).isEqualTo(grpcCode(code));
    assertThat(error.status().getMessage()).isNotBlank();
    assertThat(error.metadata()).containsAllEntriesOf(wanted.metadata());
    if (wanted.detail() instanceof BadRequest bad) {
      assertThat(error.detail(BadRequest.class).getFieldViolations(0).getField())
          .isEqualTo(bad.getFieldViolations(0).getField());
    } else if (wanted.detail() != null) {
      assertThat(error.detail(wanted.detail().getClass())).isEqualTo(wanted.detail());
    }
    if (error.status().getCode() == com.google.rpc.Code.RESOURCE_EXHAUSTED_VALUE) {
      assertThat(error.detail(RetryInfo.class).hasRetryDelay()).isTrue();
    }
  }

  @Test
  void whatBrokersTellEachOtherIsNowhereInTheServicesOfClients() {
    AMONG_BROKERS.forEach(code ->
        noClasses()
            .that()
            .resideInAPackage("io.funes.server.api..")
            .should()
            .accessField(ErrorCode.class, code.name())
            .check(ArchitectureTest.BROKER));
  }

  private static int grpcCode(ErrorCode code) {
    return ErrorReason.valueOf("ERROR_REASON_" + code.name())
        .getValueDescriptor()
        .getOptions()
        .getExtension(ErrorProto.grpcCode)
        .getNumber();
  }

  @Test
  void codesAndReasonsOfTheProtoAreTheSame() {
    assertThat(Arrays.stream(ErrorReason.values()).map(Enum::name))
        .filteredOn(name -> !name.equals("UNRECOGNIZED") && !name.endsWith("_UNSPECIFIED"))
        .containsExactlyElementsOf(
            Arrays.stream(ErrorCode.values()).map(code -> "ERROR_REASON_" + code).toList());
    assertThat(ErrorCode.values()).allMatch(code -> grpcCode(code) > 2);
  }

  @Test
  void aBodyThatItsCodecCannotReadIsRefused() {
    RecordBatch.Builder noZstd =
        batch("x").setAttributes(4).setCompressedRecords(ByteString.copyFromUtf8("no zstd"));

    Errors error = Errors.of(() -> send(produce("t", noZstd)));

    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_CODEC);
    assertThat(error.metadata()).containsEntry("codec", "ZSTD");
  }

  @Test
  void aProducerThatWasNamedAgainIsFencedWhereItNeverWrote() {
    var init = init("billing");
    var first = broker.produce().initProducer(init);
    var second = broker.produce().initProducer(init);
    assertThat(second.getProducerId()).isEqualTo(first.getProducerId());
    assertThat(second.getEpoch()).isEqualTo(first.getEpoch() + 1);

    Errors error =
        Errors.of(() ->
            send(
                produce("t", "x")
                    .setProducer(producer(first.getProducerId(), first.getEpoch(), 0))));

    assertThat(error.code()).isEqualTo(ErrorCode.STALE_PRODUCER_EPOCH);
    assertThat(error.detail(ProducerFenced.class).getCurrentEpoch()).isEqualTo(second.getEpoch());
  }

  @Test
  void recordBytesThatAreNoRecordAreRefused() {
    // A record whose value says to be longer than the record is.
    ByteString record = ByteString.copyFrom(new byte[] {0x12, 0x50, 'x'});
    var unknown =
        com.google.protobuf.UnknownFieldSet.newBuilder()
            .addField(
                1,
                com.google.protobuf.UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(record)
                    .build())
            .build();

    Errors error = Errors.of(() -> send(produce("t").setUnknownFields(unknown)));

    assertThat(error.code()).isEqualTo(ErrorCode.MALFORMED_RECORDS);
  }

  @Test
  void anErrorStaysSmallWhateverTheRequestHeld() {
    String large = "x".repeat(100_000);
    assertThat(
            Errors.of(() ->
                    broker
                        .topics()
                        .updateTopic(
                            UpdateTopicRequest.newBuilder().setName("t").setTopicId(large).build()))
                .code())
        .isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(Errors.of(() -> send(produce(large, "x"))).code())
        .isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(Errors.of(() -> broker.createTopic("c", 1, Map.of(large, large))).code())
        .isEqualTo(ErrorCode.INVALID_TOPIC_CONFIG);
  }
}
