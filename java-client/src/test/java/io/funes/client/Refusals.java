package io.funes.client;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.funes.proto.v1.ErrorProto;
import io.funes.proto.v1.ErrorReason;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;

/** Statuses as the broker makes them. */
final class Refusals {
  private Refusals() {}

  static Status status(ErrorReason reason, String message, Message... details) {
    Code code = reason.getValueDescriptor().getOptions().getExtension(ErrorProto.grpcCode);
    Status.Builder status = Status.newBuilder().setCode(code.getNumber()).setMessage(message);
    String name = reason.name().substring("ERROR_REASON_".length());
    status.addDetails(Any.pack(ErrorInfo.newBuilder().setDomain("funes").setReason(name).build()));
    for (Message detail : details) {
      status.addDetails(Any.pack(detail));
    }
    return status.build();
  }

  static StatusRuntimeException exception(ErrorReason reason, String message, Message... details) {
    return StatusProto.toStatusRuntimeException(status(reason, message, details));
  }

  static StatusRuntimeException topicRecreated(String topic) {
    ErrorReason reason = ErrorReason.ERROR_REASON_TOPIC_ID_MISMATCH;
    return StatusProto.toStatusRuntimeException(with(status(reason, "another id"), "topic", topic));
  }

  /** The status with a part of its message as metadata. */
  static Status with(Status status, String key, String value) {
    try {
      ErrorInfo info = status.getDetails(0).unpack(ErrorInfo.class);
      Any more = Any.pack(info.toBuilder().putMetadata(key, value).build());
      return status.toBuilder().setDetails(0, more).build();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  static RetryInfo retryAfterMs(int ms) {
    return RetryInfo.newBuilder()
        .setRetryDelay(Duration.newBuilder().setNanos(ms * 1_000_000))
        .build();
  }
}
