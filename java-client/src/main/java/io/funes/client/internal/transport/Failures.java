package io.funes.client.internal.transport;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.funes.client.AccessDeniedException;
import io.funes.client.BrokerFaultException;
import io.funes.client.CallTimeoutException;
import io.funes.client.ErrorReason;
import io.funes.client.Failure;
import io.funes.client.FunesException;
import io.funes.client.InvalidRequestException;
import io.funes.client.LimitReachedException;
import io.funes.client.OffsetMismatchException;
import io.funes.client.OffsetOutOfRangeException;
import io.funes.client.ProducerFencedException;
import io.funes.client.RecordRefusedException;
import io.funes.client.SequenceGapException;
import io.funes.client.TopicExistsException;
import io.funes.client.TopicPartition;
import io.funes.client.TopicRecreatedException;
import io.funes.client.UnavailableException;
import io.funes.client.UnknownTopicException;
import io.funes.proto.v1.OffsetMismatch;
import io.funes.proto.v1.OffsetRange;
import io.funes.proto.v1.ProducerFenced;
import io.funes.proto.v1.SequenceGap;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The one table from the broker's statuses to this client's exceptions. */
public final class Failures {
  private static final String DOMAIN = "funes";
  private static final Map<String, ErrorReason> REASONS =
      Arrays.stream(ErrorReason.values())
          .collect(Collectors.toUnmodifiableMap(ErrorReason::name, reason -> reason));

  private Failures() {}

  public static FunesException of(StatusRuntimeException e) {
    return of(e.getStatus(), e.getTrailers());
  }

  /** The end of a call or stream. */
  public static FunesException of(Status status, Metadata trailers) {
    Metadata present = trailers == null ? new Metadata() : trailers;
    return of(StatusProto.fromStatusAndTrailers(status, present), status.getCause());
  }

  /** Who leads instead, where that is what the refusal says. */
  public static Optional<Leadership> leadership(com.google.rpc.Status status) {
    Details details = new Details(status);
    Status.Code code = Status.fromCodeValue(status.getCode()).getCode();
    long epoch = details.number("leader_epoch");
    return details.reason(code) == ErrorReason.NOT_LEADER && epoch >= 0
        ? Optional.of(new Leadership((int) details.number("leader"), (int) epoch))
        : Optional.empty();
  }

  public static FunesException of(com.google.rpc.Status status, Throwable cause) {
    Details details = new Details(status);
    Status.Code code = Status.fromCodeValue(status.getCode()).getCode();
    ErrorReason reason = details.reason(code);
    boolean retriable =
        code == Status.Code.UNAVAILABLE
            || (code == Status.Code.RESOURCE_EXHAUSTED && details.retry != null);
    String message = status.getMessage().isEmpty() ? reason.name() : status.getMessage();
    if (reason == ErrorReason.UNRECOGNIZED) {
      message = details.name(code) + ": " + message;
    }
    return exception(new Failure(reason, message, retriable, cause), code, details);
  }

  /** How long the broker asks to wait before the next try, in milliseconds. */
  public static long retryDelayMs(FunesException failure) {
    if (failure instanceof UnavailableException e) {
      return e.retryDelay().toMillis();
    }
    return failure instanceof LimitReachedException e ? e.retryDelay().toMillis() : 0;
  }

  private static FunesException exception(Failure failure, Status.Code code, Details details) {
    return switch (failure.reason()) {
      case INVALID_ARGUMENT,
          INVALID_TOPIC_NAME,
          INVALID_TOPIC_CONFIG,
          INVALID_PARTITION_COUNT,
          INVALID_REPLICATION_FACTOR,
          NO_RECORDS,
          UNKNOWN_BROKER,
          BROKER_IN_USE,
          STALE_BROKER_EPOCH,
          INELIGIBLE_REPLICA ->
          new InvalidRequestException(failure, details.violations());
      case UNKNOWN_TOPIC, UNKNOWN_PARTITION -> new UnknownTopicException(failure);
      case TOPIC_ID_MISMATCH ->
          new TopicRecreatedException(failure, details.info.getMetadataOrDefault("topic", ""));
      case TOPIC_EXISTS -> new TopicExistsException(failure);
      case INTERNAL_TOPIC -> new AccessDeniedException(failure);
      case RECORD_TOO_LARGE,
          BATCH_TOO_LARGE,
          MALFORMED_RECORDS,
          CRC_MISMATCH,
          RECORD_COUNT_MISMATCH,
          INVALID_CODEC,
          KEY_REQUIRED,
          INVALID_TIMESTAMP ->
          new RecordRefusedException(failure, (int) details.number("record"));
      case OFFSET_OUT_OF_RANGE -> outOfRange(failure, details);
      case SEQUENCE_GAP -> sequenceGap(failure, details);
      case STALE_PRODUCER_EPOCH -> producerFenced(failure, details);
      case EXPECTED_OFFSET_MISMATCH -> {
        OffsetMismatch mismatch =
            details.find(OffsetMismatch.class).orElse(OffsetMismatch.getDefaultInstance());
        yield new OffsetMismatchException(failure, mismatch.getLogEndOffset());
      }
      case DISK_FULL, LIMIT_REACHED, TOO_MANY_PARTITIONS ->
          new LimitReachedException(failure, details.retryDelay());
      case NO_LEADER,
          NOT_LEADER,
          UNKNOWN_LEADER_EPOCH,
          BROKER_UNAVAILABLE,
          STORAGE_FAILURE,
          NOT_ENOUGH_REPLICAS,
          NOT_ENOUGH_REPLICAS_AFTER_APPEND ->
          new UnavailableException(failure, details.retryDelay());
      case DEADLINE_PASSED -> new CallTimeoutException(failure);
      case UNRECOGNIZED -> unrecognized(failure, code, details);
      case INTERNAL,
          FENCED_LEADER_EPOCH,
          STALE_PARTITION_EPOCH,
          DELIVERY_TIMEOUT,
          BUFFER_FULL,
          CLIENT_CLOSED,
          CODEC_MISSING ->
          new BrokerFaultException(failure);
    };
  }

  /** Reasons of a newer broker are told by their code. */
  private static FunesException unrecognized(Failure failure, Status.Code code, Details details) {
    return switch (code) {
      case UNAVAILABLE -> new UnavailableException(failure, details.retryDelay());
      case RESOURCE_EXHAUSTED -> new LimitReachedException(failure, details.retryDelay());
      case DEADLINE_EXCEEDED -> new CallTimeoutException(failure);
      case PERMISSION_DENIED, UNAUTHENTICATED -> new AccessDeniedException(failure);
      case INVALID_ARGUMENT -> new InvalidRequestException(failure, details.violations());
      default -> new BrokerFaultException(failure);
    };
  }

  private static SequenceGapException sequenceGap(Failure failure, Details details) {
    SequenceGap gap = details.find(SequenceGap.class).orElse(SequenceGap.getDefaultInstance());
    return new SequenceGapException(failure, gap.getExpectedSequence(), gap.getSequence());
  }

  private static ProducerFencedException producerFenced(Failure failure, Details details) {
    ProducerFenced fenced =
        details.find(ProducerFenced.class).orElse(ProducerFenced.getDefaultInstance());
    return new ProducerFencedException(failure, fenced.getCurrentEpoch());
  }

  private static OffsetOutOfRangeException outOfRange(Failure failure, Details details) {
    OffsetRange unknown =
        OffsetRange.newBuilder().setLogStartOffset(-1).setHighWatermark(-1).build();
    OffsetRange range = details.find(OffsetRange.class).orElse(unknown);
    String topic = details.info.getMetadataOrDefault("topic", "");
    long partition = details.number("partition");
    TopicPartition at =
        topic.isEmpty() || partition < 0 ? null : new TopicPartition(topic, (int) partition);
    return new OffsetOutOfRangeException(
        failure, at, details.number("offset"), range.getLogStartOffset(), range.getHighWatermark());
  }

  /** What a status carries besides its code and message. */
  private static final class Details {
    private final com.google.rpc.Status status;
    private final ErrorInfo info;
    private final RetryInfo retry;

    Details(com.google.rpc.Status status) {
      this.status = status;
      info = find(ErrorInfo.class).orElse(ErrorInfo.getDefaultInstance());
      retry = find(RetryInfo.class).orElse(null);
    }

    /** The first detail of this type. */
    <M extends Message> Optional<M> find(Class<M> type) {
      for (Any detail : status.getDetailsList()) {
        if (detail.is(type)) {
          try {
            return Optional.of(detail.unpack(type));
          } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
          }
        }
      }
      return Optional.empty();
    }

    /** Statuses without a reason are gRPC's own. */
    ErrorReason reason(Status.Code code) {
      if (info.getDomain().equals(DOMAIN)) {
        return REASONS.getOrDefault(info.getReason(), ErrorReason.UNRECOGNIZED);
      }
      return switch (code) {
        case UNAVAILABLE, CANCELLED -> ErrorReason.BROKER_UNAVAILABLE;
        case DEADLINE_EXCEEDED -> ErrorReason.DEADLINE_PASSED;
        case RESOURCE_EXHAUSTED -> ErrorReason.LIMIT_REACHED;
        case INVALID_ARGUMENT -> ErrorReason.INVALID_ARGUMENT;
        case INTERNAL, UNKNOWN -> ErrorReason.INTERNAL;
        default -> ErrorReason.UNRECOGNIZED;
      };
    }

    String name(Status.Code code) {
      return info.getReason().isEmpty() ? code.name() : info.getReason();
    }

    Duration retryDelay() {
      return retry == null
          ? Duration.ZERO
          : Duration.ofSeconds(
              retry.getRetryDelay().getSeconds(), retry.getRetryDelay().getNanos());
    }

    Map<String, String> violations() {
      Map<String, String> violations = new LinkedHashMap<>();
      find(BadRequest.class)
          .orElse(BadRequest.getDefaultInstance())
          .getFieldViolationsList()
          .forEach(v -> violations.put(v.getField(), v.getDescription()));
      return Map.copyOf(violations);
    }

    long number(String key) {
      try {
        return Long.parseLong(info.getMetadataOrDefault(key, "-1"));
      } catch (NumberFormatException e) {
        return -1;
      }
    }
  }
}
