package io.funes.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.funes.client.Admin;
import io.funes.client.ClusterDescription;
import io.funes.client.ClusterDescription.QuorumMember;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.Record;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One of three brokers, all of them voters, dies and is removed from its cluster. */
final class BrokerRemovalIT {
  /** Far below the deadline of the call, far above what it takes. */
  private static final Duration SECONDS = Duration.ofSeconds(10);

  private static final int REFUSED = 4;
  private static final int FRESH = 3;

  private BrokerCluster cluster;
  private Optional<BrokerProcess> fresh = Optional.empty();

  @BeforeEach
  void start() {
    cluster = BrokerCluster.start("removed");
  }

  @AfterEach
  void stop() {
    fresh.ifPresent(BrokerProcess::close);
    cluster.close();
  }

  @Test
  void deadControllerIsRemovedAndAnotherBrokerVotesInItsPlace() {
    killAndReplace(cluster.controller());
  }

  @Test
  void deadVoterIsRemovedAndAnotherBrokerVotesInItsPlace() {
    killAndReplace(cluster.others(cluster.controller()).getLast());
  }

  private void killAndReplace(int victim) {
    cluster.broker(victim).kill9();
    BrokerProcess door = cluster.broker(cluster.others(victim).getFirst());
    try (Admin admin = Admin.builder().server(door.address()).build()) {
      Await.until("the dead broker is fenced", () -> isFenced(admin, victim));
      long begin = System.nanoTime();
      remove(door, victim);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SECONDS);

      assertThat(brokers(admin)).containsExactlyElementsOf(cluster.others(victim));
      assertThat(voters(admin)).containsExactlyElementsOf(cluster.others(victim));
      goesOn(door, "without");
      assertIsToldWhatToDo(cluster.broker(victim));
      goesOn(door, "still-without");

      fresh = Optional.of(BrokerProcess.joining(door, "removed-fresh"));
      Await.until("the fresh broker votes", () -> voters(admin).contains(FRESH));
      goesOn(fresh.get(), "with-fresh");
    }
  }

  private static void assertIsToldWhatToDo(BrokerProcess removed) {
    Finished start = removed.startInVain();
    assertThat(start.exitCode()).isEqualTo(REFUSED);
    assertThat(start.out()).isEmpty();
    assertThat(start.err())
        .contains("this broker was removed from its cluster")
        .contains("empty its data folder and start it with --join")
        .doesNotContain("\tat ");
  }

  private static void remove(BrokerProcess door, int id) {
    FunesCommandLine.run("cluster", "remove", Integer.toString(id), "--server", door.address())
        .succeeded();
  }

  private static boolean isFenced(Admin admin, int id) {
    return admin.cluster(1).brokers().stream()
        .anyMatch(
            broker -> broker.id() == id && broker.state() == ClusterDescription.BrokerState.FENCED);
  }

  private static List<Integer> brokers(Admin admin) {
    return admin.cluster(1).brokers().stream().map(ClusterDescription.Broker::id).sorted().toList();
  }

  private static List<Integer> voters(Admin admin) {
    return admin.cluster(1).quorum().stream()
        .filter(QuorumMember::voter)
        .map(QuorumMember::brokerId)
        .sorted()
        .toList();
  }

  /** By way of any broker: a topic is created, and takes a record that both its replicas have. */
  private static void goesOn(BrokerProcess door, String topic) {
    try (Stubs stubs = new Stubs(door)) {
      stubs.createTopic(topic, 1, 2, Map.of("min.insync.replicas", "2"));
      stubs.produceInTime(
          ProduceRequest.newBuilder()
              .setTopic(topic)
              .addRecords(Record.newBuilder().setValue(ByteString.copyFromUtf8("one")))
              .build());
    }
  }
}
