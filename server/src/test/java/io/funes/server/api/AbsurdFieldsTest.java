package io.funes.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every number and text of every request at its worst. */
class AbsurdFieldsTest {
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

  @ParameterizedTest
  @MethodSource("io.funes.server.api.LegalRequests#methods")
  void absurdFieldsEndWithADefinedStatus(MethodDescriptor<?, ?> method) {
    int sent = 0;
    for (Message legal : LegalRequests.of(method.getBareMethodName())) {
      assertThat(calls.call(method, legal.toByteArray()).getCode())
          .as("%s", legal)
          .isNotIn(Status.Code.INVALID_ARGUMENT);
      for (Message absurd : mutations(legal)) {
        Status status = calls.call(method, absurd.toByteArray());
        sent++;

        assertThat(status.getCode())
            .as("%s %s for %s", method.getBareMethodName(), status, shown(absurd))
            .isNotIn(RawCalls.UNDEFINED);
      }
    }
    assertThat(sent).isPositive();
    calls.assertServes();
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
}
