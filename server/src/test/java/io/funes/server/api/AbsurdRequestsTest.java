package io.funes.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.funes.proto.v1.ClusterServiceGrpc;
import io.funes.proto.v1.CreateTopicRequest;
import io.funes.proto.v1.Credits;
import io.funes.proto.v1.DeleteTopicRequest;
import io.funes.proto.v1.DescribeClusterRequest;
import io.funes.proto.v1.ElectLeadersRequest;
import io.funes.proto.v1.FetchServiceGrpc;
import io.funes.proto.v1.GetMetadataRequest;
import io.funes.proto.v1.GetTopicRequest;
import io.funes.proto.v1.InitProducerRequest;
import io.funes.proto.v1.ListOffsetsRequest;
import io.funes.proto.v1.ListReassignmentsRequest;
import io.funes.proto.v1.ListReplicasRequest;
import io.funes.proto.v1.ListTopicsRequest;
import io.funes.proto.v1.MetadataServiceGrpc;
import io.funes.proto.v1.ProduceServiceGrpc;
import io.funes.proto.v1.ProduceStreamRequest;
import io.funes.proto.v1.ProduceStreamResponse;
import io.funes.proto.v1.ReassignPartitionsRequest;
import io.funes.proto.v1.RemoveBrokerRequest;
import io.funes.proto.v1.ReplicaAssignment;
import io.funes.proto.v1.Start;
import io.funes.proto.v1.TopicPartition;
import io.funes.proto.v1.TopicServiceGrpc;
import io.funes.proto.v1.UpdateTopicRequest;
import io.funes.proto.v1.WatchMetadataRequest;
import io.funes.server.common.ErrorCode;
import io.funes.server.testing.BrokerFixture;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.channelz.v1.ChannelzGrpc;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every number and text of every request at its worst, and bytes that are no request at all. */
class AbsurdRequestsTest {
  private static final Set<Status.Code> UNDEFINED =
      EnumSet.of(Status.Code.UNKNOWN, Status.Code.INTERNAL, Status.Code.DEADLINE_EXCEEDED);

  /**
   * A request that makes gRPC write to the log lets a client fill the disk. Held, as loggers are
   * weak.
   */
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  private static final LoggedErrors LOGGED = new LoggedErrors();

  @TempDir static Path folder;
  private static BrokerFixture broker;

  @BeforeAll
  static void start() {
    GRPC.addHandler(LOGGED);
    GRPC.setUseParentHandlers(false);
    broker = BrokerFixture.in(folder, Map.of("heartbeat.interval.ms", "200"));
    broker.createTopic("t", 1, Map.of());
    broker.createTopic("victim", 1, Map.of());
    broker.produce().produce(Requests.produce("t", "first").build());
  }

  @AfterAll
  static void stop() {
    broker.close();
    GRPC.removeHandler(LOGGED);
    GRPC.setUseParentHandlers(true);
  }

  private static Stream<MethodDescriptor<?, ?>> methods() {
    return Stream.of(
            ProduceServiceGrpc.getServiceDescriptor(),
            FetchServiceGrpc.getServiceDescriptor(),
            ClusterServiceGrpc.getServiceDescriptor(),
            MetadataServiceGrpc.getServiceDescriptor(),
            TopicServiceGrpc.getServiceDescriptor())
        .flatMap(service -> service.getMethods().stream());
  }

  /** Requests that are right, with as many fields as can be. */
  private static List<Message> legal(String method) {
    var records = Requests.produce("t", "x").setProducer(Requests.producer(5, 0, 0));
    var batch = Requests.produce("t", Requests.batch("x"));
    var topic = Requests.at("t", Start.newBuilder().setOffset(0));
    var timed = Requests.at("t", Start.newBuilder().setTimestampMs(1));
    return switch (method) {
      case "Produce" -> List.of(records.build(), batch.build());
      case "ProduceStream" ->
          List.of(
              ProduceStreamRequest.newBuilder().setRequest(records).setCorrelationId(1).build(),
              ProduceStreamRequest.newBuilder().setRequest(batch).setCorrelationId(1).build());
      case "InitProducer" -> List.of(InitProducerRequest.newBuilder().setName("n").build());
      case "Fetch" -> List.of(Requests.fetch(topic).build(), Requests.fetch(timed).build());
      case "Read" ->
          List.of(
              Requests.read(topic)
                  .setCredits(Credits.newBuilder().setRecords(9).setBytes(9_000))
                  .build(),
              Requests.read(timed).build());
      case "ListOffsets" ->
          List.of(
              ListOffsetsRequest.newBuilder().addTopics(topic).build(),
              ListOffsetsRequest.newBuilder().addTopics(timed).build());
      case "CreateTopic" ->
          List.of(
              CreateTopicRequest.newBuilder()
                  .setName("new")
                  .setPartitionCount(1)
                  .setReplicationFactor(1)
                  .setValidateOnly(true)
                  .build());
      case "GetTopic" -> List.of(GetTopicRequest.newBuilder().setName("t").build());
      case "ListTopics" -> List.of(ListTopicsRequest.newBuilder().setPageToken("dA").build());
      case "UpdateTopic" ->
          List.of(
              UpdateTopicRequest.newBuilder()
                  .setName("t")
                  .setPartitionCount(2)
                  .setValidateOnly(true)
                  .addResetConfigs("retention.ms")
                  .build());
      case "DeleteTopic" ->
          List.of(
              DeleteTopicRequest.newBuilder()
                  .setName("victim")
                  .setTopicId(new UUID(1, 1).toString())
                  .build());
      case "GetMetadata" ->
          List.of(GetMetadataRequest.newBuilder().addTopics("t").setPageToken("dA").build());
      case "WatchMetadata" -> List.of(WatchMetadataRequest.newBuilder().addTopics("t").build());
      default -> legalOfClusters(method);
    };
  }

  private static List<Message> legalOfClusters(String method) {
    return switch (method) {
      case "DescribeCluster" ->
          List.of(DescribeClusterRequest.newBuilder().setPageToken("dC8w").build());
      case "ReassignPartitions" ->
          List.of(
              ReassignPartitionsRequest.newBuilder()
                  .addAssignments(ReplicaAssignment.newBuilder().setTopic("t").addReplicaIds(0))
                  .build());
      case "ListReassignments" ->
          List.of(ListReassignmentsRequest.newBuilder().setPageToken("dC8w").build());
      case "ElectLeaders" ->
          List.of(
              ElectLeadersRequest.newBuilder()
                  .addPartitions(TopicPartition.newBuilder().setTopic("t"))
                  .build());
      case "RemoveBroker" -> List.of(RemoveBrokerRequest.newBuilder().setBrokerId(7).build());
      case "ListReplicas" -> List.of(ListReplicasRequest.newBuilder().setPageToken("dC8w").build());
      default -> throw new AssertionError(method + " is new: give it a legal request");
    };
  }

  @ParameterizedTest
  @MethodSource("methods")
  void absurdFieldsEndWithADefinedStatus(MethodDescriptor<?, ?> method) {
    int calls = 0;
    for (Message legal : legal(method.getBareMethodName())) {
      assertThat(call(method, legal.toByteArray()).getCode())
          .as("%s", legal)
          .isNotIn(Status.Code.INVALID_ARGUMENT);
      for (Message absurd : mutations(legal)) {
        Status status = call(method, absurd.toByteArray());
        calls++;

        assertThat(status.getCode())
            .as("%s %s for %s", method.getBareMethodName(), status, shown(absurd))
            .isNotIn(UNDEFINED);
      }
    }
    assertThat(calls).isPositive();
    assertServes();
  }

  private static String shown(Message message) {
    String text = message.toString();
    return text.substring(0, Math.min(600, text.length()));
  }

  /** The message with one field at a time at an absurd value. */
  private static List<Message> mutations(Message message) {
    List<Message> all = new ArrayList<>();
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (field.isMapField()) {
        continue;
      }
      if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        for (Message inner : mutations(child(message, field))) {
          all.add(with(message, field, inner));
        }
      } else {
        for (Object value : absurd(field)) {
          all.add(with(message, field, value));
        }
      }
    }
    return all;
  }

  private static Message child(Message message, FieldDescriptor field) {
    if (!field.isRepeated()) {
      return (Message) message.getField(field);
    }
    return message.getRepeatedFieldCount(field) > 0
        ? (Message) message.getRepeatedField(field, 0)
        : message.newBuilderForType().newBuilderForField(field).build();
  }

  private static Message with(Message message, FieldDescriptor field, Object value) {
    return field.isRepeated()
        ? message.toBuilder().setField(field, List.of(value)).build()
        : message.toBuilder().setField(field, value).build();
  }

  private static List<Object> absurd(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case INT -> List.of(Integer.MIN_VALUE, -1, 0, Integer.MAX_VALUE);
      case LONG -> List.of(Long.MIN_VALUE, -1L, 0L, Long.MAX_VALUE);
      case STRING -> List.of("", "\u0000", "ü/../".repeat(100), "x".repeat(100_000));
      case BYTE_STRING -> List.of(ByteString.EMPTY, ByteString.copyFrom(new byte[100_000]));
      case ENUM ->
          List.of(
              field.getEnumType().findValueByNumberCreatingIfUnknown(-1),
              field.getEnumType().findValueByNumberCreatingIfUnknown(Integer.MAX_VALUE));
      default -> List.of();
    };
  }

  @Test
  void bytesThatAreNoRequestAreToldAsAnInvalidArgument() {
    byte[] half = {0x0a, 0x50, 'x'};
    methods()
        .forEach(method -> {
          Errors error = Errors.of(end(method, half));

          assertThat(error.code())
              .as(method.getFullMethodName())
              .isEqualTo(ErrorCode.INVALID_ARGUMENT);
        });
    assertServes();
  }

  @Test
  void theServicesOfGrpcItselfSayTheSame() {
    for (MethodDescriptor<?, ?> method :
        List.of(
            HealthGrpc.getCheckMethod(),
            ServerReflectionGrpc.getServerReflectionInfoMethod(),
            ChannelzGrpc.getGetServersMethod())) {
      assertThat(Errors.of(end(method, new byte[] {0x0a, 0x50, 'x'})).code())
          .as(method.getFullMethodName())
          .isEqualTo(ErrorCode.INVALID_ARGUMENT);
    }
    assertServes();
  }

  @ParameterizedTest
  @MethodSource("methods")
  void aUnaryCallTakesOneRequest(MethodDescriptor<?, ?> method) {
    if (method.getType() != MethodDescriptor.MethodType.UNARY) {
      return;
    }
    byte[] legal = legal(method.getBareMethodName()).getFirst().toByteArray();

    assertThat(Errors.of(end(method)).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(call(method, legal, legal).getCode()).isNotIn(UNDEFINED);
    assertServes();
  }

  @ParameterizedTest
  @MethodSource("methods")
  void bytesThatAreNoRequestDoNoHarm(MethodDescriptor<?, ?> method) {
    Random random = new Random(1942);
    List<Message> legal = legal(method.getBareMethodName());
    for (int i = 0; i < 150; i++) {
      byte[] bytes;
      if (i % 2 == 0) {
        bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
      } else {
        bytes = legal.get(i % legal.size()).toByteArray();
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      assertThat(call(method, bytes).getCode())
          .as("%s of %s", method.getBareMethodName(), HexFormat.of().formatHex(bytes))
          .isNotIn(UNDEFINED);
    }
    assertServes();
  }

  @Test
  void anEmptyCallOfEachMethodIsAnswered() {
    for (MethodDescriptor<?, ?> method : methods().toList()) {
      assertThat(call(method, new byte[0]).getCode())
          .as(method.getFullMethodName())
          .isNotIn(UNDEFINED);
    }
  }

  private static void assertServes() {
    assertThat(LOGGED.messages).isEmpty();
    broker.produce().produce(Requests.produce("t", "still here").build());
    assertThat(broker.topics().getTopic(GetTopicRequest.newBuilder().setName("t").build()))
        .isNotNull();
  }

  private static Status call(MethodDescriptor<?, ?> method, byte[]... messages) {
    return end(method, messages).getStatus();
  }

  /** Sends messages of these bytes; the first reply counts as the end of a stream of records. */
  private static StatusRuntimeException end(MethodDescriptor<?, ?> method, byte[]... messages) {
    MethodDescriptor<byte[], byte[]> raw =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(method.getType())
            .setFullMethodName(method.getFullMethodName())
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();
    ClientCall<byte[], byte[]> call =
        broker.channel().newCall(raw, CallOptions.DEFAULT.withDeadlineAfter(5, TimeUnit.SECONDS));
    CompletableFuture<StatusRuntimeException> end = new CompletableFuture<>();
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(byte[] reply) {
            if (method.getType() == MethodDescriptor.MethodType.SERVER_STREAMING
                || method.getBareMethodName().equals("Read")) {
              end.complete(Status.OK.asRuntimeException());
            } else if (method.getBareMethodName().equals("ProduceStream")) {
              end.complete(outcome(reply).asRuntimeException());
            }
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            end.complete(status.asRuntimeException(trailers));
          }
        },
        new Metadata());
    call.request(2);
    for (byte[] message : messages) {
      call.sendMessage(message);
    }
    call.halfClose();
    StatusRuntimeException seen = end.orTimeout(10, TimeUnit.SECONDS).join();
    // Here and not in the callback: a reply may come before this thread has half closed.
    call.cancel("seen enough", null);
    return seen;
  }

  private static Status outcome(byte[] reply) {
    try {
      var result = ProduceStreamResponse.parseFrom(reply).getResults(0);
      return result.hasError() ? Status.fromCodeValue(result.getError().getCode()) : Status.OK;
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static final class LoggedErrors extends Handler {
    private final List<String> messages = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord entry) {
      if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
        messages.add(entry.getMessage() + ": " + entry.getThrown());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
