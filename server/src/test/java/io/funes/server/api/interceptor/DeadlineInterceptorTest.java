package io.funes.server.api.interceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.funes.proto.v1.CreateTopicRequest;
import io.funes.proto.v1.ListTopicsRequest;
import io.funes.server.metadata.MetadataLimits;
import io.funes.server.testing.PassedDeadline;
import io.funes.server.testing.ServicesFixture;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadlineInterceptorTest {
  @TempDir Path folder;

  @Test
  void aCallThatComesTooLateDoesNothing() {
    try (ServicesFixture services =
        ServicesFixture.in(
            folder,
            MetadataLimits.DEFAULT,
            List.of(new PassedDeadline(), new DeadlineInterceptor()))) {
      CreateTopicRequest request = CreateTopicRequest.newBuilder().setName("late").build();

      StatusRuntimeException refused =
          catchThrowableOfType(
              StatusRuntimeException.class, () -> services.topics().createTopic(request));

      assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
      assertThat(services.topicCount()).isZero();
    }
  }

  @Test
  void aCallWithTimeLeftOrWithoutADeadlineGoesOn() {
    try (ServicesFixture services =
        ServicesFixture.in(folder, MetadataLimits.DEFAULT, List.of(new DeadlineInterceptor()))) {
      services.createTopic("t", Map.of());

      assertThat(
              services
                  .topics()
                  .withDeadlineAfter(1, TimeUnit.MINUTES)
                  .listTopics(ListTopicsRequest.getDefaultInstance())
                  .getTopicsCount())
          .isEqualTo(1);
    }
  }
}
