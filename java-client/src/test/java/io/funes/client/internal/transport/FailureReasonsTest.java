package io.funes.client.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.funes.client.ErrorReason;
import io.funes.client.FunesException;
import io.funes.client.InvalidRequestException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What reasons become. */
final class FailureReasonsTest {
  @ParameterizedTest
  @EnumSource(
      names = {"UNKNOWN_BROKER", "BROKER_IN_USE", "STALE_BROKER_EPOCH", "INELIGIBLE_REPLICA"})
  void whatAnOperatorCanMendIsNoFaultOfTheBroker(ErrorReason reason) {
    FunesException failure = Failures.of(status(Code.FAILED_PRECONDITION, reason), null);

    assertThat(failure).isInstanceOf(InvalidRequestException.class).hasMessage("do this");
    assertThat(failure.reason()).isEqualTo(reason);
    assertThat(failure.isRetriable()).isFalse();
  }

  private static Status status(Code code, ErrorReason reason) {
    ErrorInfo info = ErrorInfo.newBuilder().setDomain("funes").setReason(reason.name()).build();
    return Status.newBuilder()
        .setCode(code.getNumber())
        .setMessage("do this")
        .addDetails(Any.pack(info))
        .build();
  }
}
