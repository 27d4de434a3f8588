package io.funes.client;

import static io.funes.client.ClientFixture.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class SeveralServersTest {
  @Test
  void firstThatCanBeReachedIsTaken() throws IOException {
    try (FakeBroker first = new FakeBroker();
        FakeBroker second = new FakeBroker()) {
      first.topic("first", 1);
      second.topic("second", 1);
      String servers = closedPort() + "," + first.address() + "," + second.address();
      try (Admin admin = Admin.builder().server(servers).build()) {
        assertThat(admin.topics()).extracting(TopicDescription::name).containsExactly("first");
        first.stop();
        assertThat(admin.topics()).extracting(TopicDescription::name).containsExactly("second");
      }
    }
  }

  @Test
  void nameThatNobodyKnowsIsPassedOver() {
    try (FakeBroker broker = new FakeBroker()) {
      broker.topic("t", 1);
      String servers = "nohost.invalid:1942," + broker.address();
      try (Admin admin = Admin.builder().server(servers).build()) {
        assertThat(admin.topics()).hasSize(1);
      }
    }
  }

  @Test
  void noneThatCanBeReachedIsUnavailable() throws IOException {
    String servers = closedPort() + ",nohost.invalid:1942";
    try (Admin admin = Admin.builder().server(servers).timeout(Duration.ofSeconds(2)).build()) {
      assertThatThrownBy(admin::topics).isInstanceOf(UnavailableException.class);
    }
    try (Admin admin =
        Admin.builder().server("nohost.invalid:1").timeout(Duration.ofSeconds(2)).build()) {
      assertThatThrownBy(admin::topics).hasMessageContaining("no such host: nohost.invalid:1");
    }
  }

  @Test
  void producerGoesOnAtTheNextBroker() {
    try (FakeBroker first = new FakeBroker();
        FakeBroker second = new FakeBroker()) {
      FakeTopic before = first.topic("t", 1);
      FakeTopic after = second.topic("t", 1);
      String servers = first.address() + "," + second.address();
      try (Producer producer = Producer.builder().server(servers).deliveryTimeout(LONG).build()) {
        producer.send(ClientFixture.record("t", 0, "a")).join();
        first.stop();
        producer.send(ClientFixture.record("t", 0, "b")).join();
      }
      assertThat(before.log(0).end).isEqualTo(1);
      assertThat(after.log(0).end).isEqualTo(1);
    }
  }

  private static String closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "127.0.0.1:" + socket.getLocalPort();
    }
  }
}
