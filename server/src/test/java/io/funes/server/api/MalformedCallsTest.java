package io.funes.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.funes.server.common.ErrorCode;
import io.grpc.MethodDescriptor;
import io.grpc.channelz.v1.ChannelzGrpc;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes that are no request, and calls of one request with none or two. */
class MalformedCallsTest {
  @TempDir static Path folder;
  private static RawCalls calls;

  @BeforeAll
  static void start() {
    calls = new RawCalls(folder);
  }

  @AfterAll
  static void stop() {
    calls.close();
  }

  @Test
  void bytesThatAreNoRequestAreToldAsAnInvalidArgument() {
    byte[] half = {0x0a, 0x50, 'x'};
    LegalRequests.methods()
        .forEach(method -> {
          Errors error = Errors.of(calls.end(method, half));

          assertThat(error.code())
              .as(method.getFullMethodName())
              .isEqualTo(ErrorCode.INVALID_ARGUMENT);
        });
    calls.assertServes();
  }

  @Test
  void theServicesOfGrpcItselfSayTheSame() {
    for (MethodDescriptor<?, ?> method :
        List.of(
            HealthGrpc.getCheckMethod(),
            ServerReflectionGrpc.getServerReflectionInfoMethod(),
            ChannelzGrpc.getGetServersMethod())) {
      assertThat(Errors.of(calls.end(method, new byte[] {0x0a, 0x50, 'x'})).code())
          .as(method.getFullMethodName())
          .isEqualTo(ErrorCode.INVALID_ARGUMENT);
    }
    calls.assertServes();
  }

  @ParameterizedTest
  @MethodSource("io.funes.server.api.LegalRequests#methods")
  void aUnaryCallTakesOneRequest(MethodDescriptor<?, ?> method) {
    if (method.getType() != MethodDescriptor.MethodType.UNARY) {
      return;
    }
    byte[] legal = LegalRequests.of(method.getBareMethodName()).getFirst().toByteArray();

    assertThat(Errors.of(calls.end(method)).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(calls.call(method, legal, legal).getCode()).isNotIn(RawCalls.UNDEFINED);
    calls.assertServes();
  }

  @ParameterizedTest
  @MethodSource("io.funes.server.api.LegalRequests#methods")
  void bytesThatAreNoRequestDoNoHarm(MethodDescriptor<?, ?> method) {
    Random random = new Random(1942);
    List<Message> legal = LegalRequests.of(method.getBareMethodName());
    for (int i = 0; i < 150; i++) {
      byte[] bytes;
      if (i % 2 == 0) {
        bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
      } else {
        bytes = legal.get(i % legal.size()).toByteArray();
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      assertThat(calls.call(method, bytes).getCode())
          .as("%s of %s", method.getBareMethodName(), HexFormat.of().formatHex(bytes))
          .isNotIn(RawCalls.UNDEFINED);
    }
    calls.assertServes();
  }

  @Test
  void anEmptyCallOfEachMethodIsAnswered() {
    for (MethodDescriptor<?, ?> method : LegalRequests.methods().toList()) {
      assertThat(calls.call(method, new byte[0]).getCode())
          .as(method.getFullMethodName())
          .isNotIn(RawCalls.UNDEFINED);
    }
  }
}
