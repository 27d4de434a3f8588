package io.funes.server.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.proto.v1.CreateTopicRequest;
import io.funes.proto.v1.Topic;
import io.funes.server.testing.BrokerFixture;
import io.funes.server.testing.Certificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Brokers that show each other certificates, and those that have none to show. */
class InternalTlsTest {
  @TempDir private Path folder;

  private Certificates ours;
  private String first;

  private BrokerFixture founder;

  @BeforeEach
  void found() throws IOException {
    ours = new Certificates(folder.resolve("ours"));
    first = freeAddress();
    Map<String, String> settings = new HashMap<>(ours.settings());
    settings.put("internal.listen", first);
    founder = BrokerFixture.in(folder.resolve("first"), settings);
  }

  @AfterEach
  void stop() {
    founder.close();
  }

  private static String freeAddress() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "127.0.0.1:" + socket.getLocalPort();
    }
  }

  private BrokerFixture joins(Map<String, String> tls) throws IOException {
    Map<String, String> settings = new HashMap<>(tls);
    settings.put("internal.listen", freeAddress());
    settings.put("cluster.join", first);
    return BrokerFixture.in(folder.resolve("second"), settings);
  }

  @Test
  void brokersOfOneAuthorityAreACluster() throws IOException {
    try (BrokerFixture second = joins(ours.settings())) {
      Topic topic =
          second
              .topics()
              .createTopic(
                  CreateTopicRequest.newBuilder()
                      .setName("t")
                      .setPartitionCount(1)
                      .setReplicationFactor(2)
                      .build())
              .getTopic();

      assertThat(topic.getPartitions(0).getReplicaIdsList()).containsExactlyInAnyOrder(0, 1);
    }
  }

  @Test
  void whoShowsNoCertificateIsNoBroker() {
    assertThatThrownBy(() -> joins(Map.of()))
        .isInstanceOf(BrokerStartException.class)
        .hasMessageContaining("no broker to join answers (" + first);
  }

  @Test
  void whoShowsOneOfAnotherAuthorityIsNoBroker() throws IOException {
    Certificates others = new Certificates(folder.resolve("others"));
    Map<String, String> tls = new HashMap<>(others.settings());
    tls.put("internal.tls.authority", ours.settings().get("internal.tls.authority"));
    assertThatThrownBy(() -> joins(tls))
        .isInstanceOf(BrokerStartException.class)
        .hasMessageContaining("no broker to join answers (" + first);
  }

  @Test
  void brokerBelievesNobodyElsesCertificate() throws IOException {
    Certificates others = new Certificates(folder.resolve("others"));
    Map<String, String> tls = new HashMap<>(ours.settings());
    tls.put("internal.tls.authority", others.settings().get("internal.tls.authority"));
    assertThatThrownBy(() -> joins(tls))
        .isInstanceOf(BrokerStartException.class)
        .hasMessageContaining("no broker to join answers (" + first);
  }

  @Test
  void fileThatIsNotThereIsNamed() {
    Map<String, String> tls = new HashMap<>(ours.settings());
    tls.put("internal.tls.key", folder.resolve("no.key").toString());

    assertThatThrownBy(() -> joins(tls))
        .isInstanceOf(BrokerStartException.class)
        .hasMessageContaining("no.key cannot be read");
  }

  @Test
  void keyOfAnotherCertificateIsNamed() throws IOException {
    Map<String, String> tls = new HashMap<>(ours.settings());
    tls.put("internal.tls.key", ours.settings().get("internal.tls.certificate"));

    assertThatThrownBy(() -> joins(tls))
        .isInstanceOf(BrokerStartException.class)
        .hasMessageContaining("are no certificate and its key in PEM form");
  }
}
