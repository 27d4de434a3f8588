package io.funes.server.api.mapping;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.funes.proto.v1.ErrorProto;
import io.funes.proto.v1.ErrorReason;
import io.funes.proto.v1.OffsetMismatch;
import io.funes.proto.v1.OffsetRange;
import io.funes.proto.v1.ProducerFenced;
import io.funes.proto.v1.SequenceGap;
import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.common.Refusal.Detail;
import io.funes.server.common.RefusedException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A refusal as a {@code google.rpc.Status}. The gRPC code of each reason is the one annotated in
 * {@code error.proto}.
 */
public final class StatusMapping {
  public static final String DOMAIN = "funes";

  private static final Logger log = LoggerFactory.getLogger(StatusMapping.class);
  private static final String REASON_PREFIX = "ERROR_REASON_";
  private static final Map<ErrorCode, Code> CODES = new EnumMap<>(ErrorCode.class);

  static {
    for (ErrorCode code : ErrorCode.values()) {
      CODES.put(
          code, reason(code).getValueDescriptor().getOptions().getExtension(ErrorProto.grpcCode));
    }
  }

  /**
   * Statuses travel in trailers, of which many clients take 8 KiB. Parts of a request that stand in
   * an error are cut, or the client would only see a broken connection.
   */
  private static final int MESSAGE_LENGTH_MAX = 600;

  private static final int VALUE_LENGTH_MAX = 300;
  private static final Pattern UNPRINTABLE = Pattern.compile("[^\\x20-\\x7e]");

  private StatusMapping() {}

  public static ErrorReason reason(ErrorCode code) {
    return ErrorReason.valueOf(REASON_PREFIX + code.name());
  }

  /** What a call ends with that failed so. A fault of the broker is logged and told as INTERNAL. */
  public static StatusRuntimeException exception(Throwable cause) {
    return StatusProto.toStatusRuntimeException(status(refusal(cause)));
  }

  public static Refusal refusal(Throwable cause) {
    Throwable inner =
        cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
    if (inner instanceof RefusedException refused) {
      return refused.refusal();
    }
    log.error("a call failed for a reason that nobody foresaw", inner);
    return Refusal.of(
        ErrorCode.INTERNAL, "the broker failed: %s; its log has the cause".formatted(inner));
  }

  public static Status status(Refusal refusal) {
    Code code = CODES.get(refusal.code());
    Status.Builder status =
        Status.newBuilder().setCode(code.getNumber()).setMessage(message(refusal));
    status.addDetails(
        Any.pack(
            ErrorInfo.newBuilder()
                .setReason(refusal.code().name())
                .setDomain(DOMAIN)
                .putAllMetadata(metadata(refusal))
                .build()));
    long retryMs = retryMs(refusal.code());
    if (retryMs > 0) {
      Duration delay =
          Duration.newBuilder()
              .setSeconds(retryMs / 1000)
              .setNanos((int) (retryMs % 1000) * 1_000_000)
              .build();
      status.addDetails(Any.pack(RetryInfo.newBuilder().setRetryDelay(delay).build()));
    }
    refusal.detail().ifPresent(detail -> status.addDetails(Any.pack(message(detail, refusal))));
    return status.build();
  }

  private static String message(Refusal refusal) {
    return printable(refusal.message(), MESSAGE_LENGTH_MAX);
  }

  private static Map<String, String> metadata(Refusal refusal) {
    Map<String, String> metadata = new LinkedHashMap<>();
    refusal
        .metadata()
        .forEach((name, value) -> metadata.put(name, printable(value, VALUE_LENGTH_MAX)));
    return metadata;
  }

  private static String printable(String text, int lengthMax) {
    String cut = text.length() > lengthMax ? text.substring(0, lengthMax) + "..." : text;
    return UNPRINTABLE.matcher(cut).replaceAll("?");
  }

  /**
   * How long a caller should wait. Where somebody else leads there is nothing to wait for but that
   * all brokers have heard so; leaders come back in moments, room on a disk does not.
   */
  private static long retryMs(ErrorCode reason) {
    if (reason == ErrorCode.NOT_LEADER) {
      return 10;
    }
    return switch (CODES.get(reason)) {
      case UNAVAILABLE -> 100;
      case RESOURCE_EXHAUSTED -> 1_000;
      default -> 0;
    };
  }

  private static Message message(Detail detail, Refusal refusal) {
    return switch (detail) {
      case Detail.OffsetRange range ->
          OffsetRange.newBuilder()
              .setLogStartOffset(range.logStartOffset())
              .setHighWatermark(range.highWatermark())
              .build();
      case Detail.SequenceGap gap ->
          SequenceGap.newBuilder()
              .setExpectedSequence(gap.expectedSequence())
              .setSequence(gap.sequence())
              .build();
      case Detail.ProducerFenced fenced ->
          ProducerFenced.newBuilder().setCurrentEpoch(fenced.currentEpoch()).build();
      case Detail.OffsetMismatch mismatch ->
          OffsetMismatch.newBuilder().setLogEndOffset(mismatch.logEndOffset()).build();
      case Detail.BadField field ->
          BadRequest.newBuilder()
              .addFieldViolations(
                  BadRequest.FieldViolation.newBuilder()
                      .setField(field.field())
                      .setDescription(message(refusal)))
              .build();
    };
  }
}
