package io.funes.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.funes.server.common.ErrorCode;
import io.funes.server.testing.Answers;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What a refused call tells its caller, as any language's stubs read it. */
record Errors(Status status, ErrorInfo info) {
  static Errors of(ThrowingCallable call) {
    StatusRuntimeException thrown = catchThrowableOfType(StatusRuntimeException.class, call);
    assertThat(thrown).as("the call is refused").isNotNull();
    return of(thrown);
  }

  static Errors of(Answers<?> answers) {
    try {
      var _ = answers.all();
    } catch (CompletionException e) {
      return of(e.getCause());
    }
    throw new AssertionError("the call is not refused");
  }

  static Errors of(Throwable thrown) {
    Status status = StatusProto.fromThrowable(thrown);
    assertThat(status).as("%s carries a google.rpc.Status", thrown).isNotNull();
    return of(status);
  }

  static Errors of(Status status) {
    assertThat(status.getDetailsList()).as(status.toString()).isNotEmpty();
    try {
      return new Errors(status, status.getDetails(0).unpack(ErrorInfo.class));
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("the first detail of " + status + " is an ErrorInfo", e);
    }
  }

  ErrorCode code() {
    return ErrorCode.valueOf(info.getReason());
  }

  Map<String, String> metadata() {
    return info.getMetadataMap();
  }

  <T extends Message> T detail(Class<T> type) {
    return status.getDetailsList().stream()
        .filter(any -> any.is(type))
        .findFirst()
        .map(any -> {
          try {
            return any.unpack(type);
          } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
          }
        })
        .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " in " + status));
  }
}
