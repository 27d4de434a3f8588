package io.funes.server.api;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.BadRequest;
import com.google.rpc.RetryInfo;
import io.funes.proto.v1.ErrorProto;
import io.funes.proto.v1.ErrorReason;
import io.funes.server.ArchitectureTest;
import io.funes.server.common.ErrorCode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
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

  @TempDir static Path requestsFolder;
  private static WrongRequests wrong;

  @TempDir Path folder;
  private TroubledBroker troubled;

  @BeforeAll
  static void startBroker() {
    wrong = new WrongRequests(requestsFolder);
  }

  @AfterAll
  static void stopBroker() {
    wrong.close();
  }

  @BeforeEach
  void start() {
    troubled = new TroubledBroker(folder);
  }

  @AfterEach
  void stop() {
    troubled.close();
  }

  private static Set<ErrorCode> codesThatOccur() {
    Set<ErrorCode> codes = EnumSet.allOf(ErrorCode.class);
    codes.removeAll(AMONG_BROKERS);
    return codes;
  }

  /** Exhaustive: a new code does not compile until it has a case or a reason why not. */
  private Provocation provoke(ErrorCode code) {
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
          wrong.ofTopics(code);
      case RECORD_TOO_LARGE,
          BATCH_TOO_LARGE,
          MALFORMED_RECORDS,
          CRC_MISMATCH,
          RECORD_COUNT_MISMATCH,
          INVALID_CODEC,
          KEY_REQUIRED,
          NO_RECORDS,
          INVALID_TIMESTAMP ->
          wrong.ofRecords(code);
      case INVALID_ARGUMENT,
          OFFSET_OUT_OF_RANGE,
          SEQUENCE_GAP,
          STALE_PRODUCER_EPOCH,
          EXPECTED_OFFSET_MISMATCH ->
          wrong.ofState(code);
      case DISK_FULL,
          STORAGE_FAILURE,
          BROKER_UNAVAILABLE,
          LIMIT_REACHED,
          DEADLINE_PASSED,
          INTERNAL ->
          troubled.ofTrouble(code);
      case NO_LEADER, NOT_LEADER, NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS_AFTER_APPEND ->
          troubled.ofCluster(code);
      case UNKNOWN_BROKER, BROKER_IN_USE -> wrong.ofBrokers(code);
      case INELIGIBLE_REPLICA -> troubled.ofMoves();
      case FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH, STALE_BROKER_EPOCH, STALE_PARTITION_EPOCH ->
          throw new AssertionError(code + " is told among brokers");
    };
  }

  @ParameterizedTest
  @MethodSource("codesThatOccur")
  void isToldWithItsStatusAndAllItsParts(ErrorCode code) {
    Provocation wanted = provoke(code);

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

  private static int grpcCode(ErrorCode code) {
    return ErrorReason.valueOf("ERROR_REASON_" + code.name())
        .getValueDescriptor()
        .getOptions()
        .getExtension(ErrorProto.grpcCode)
        .getNumber();
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

  @Test
  void codesAndReasonsOfTheProtoAreTheSame() {
    assertThat(Arrays.stream(ErrorReason.values()).map(Enum::name))
        .filteredOn(name -> !name.equals("UNRECOGNIZED") && !name.endsWith("_UNSPECIFIED"))
        .containsExactlyElementsOf(
            Arrays.stream(ErrorCode.values()).map(code -> "ERROR_REASON_" + code).toList());
    assertThat(ErrorCode.values()).allMatch(code -> grpcCode(code) > 2);
  }
}
