package io.funes.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.client.Admin;
import io.funes.client.ClusterDescription.QuorumMember;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Five processes that all vote go on without any two of them. */
final class FiveVotersIT {
  private static final String VOTERS = "metadata.voters=5";

  private BrokerCluster cluster;

  @BeforeEach
  void start() {
    cluster =
        BrokerCluster.start(
            IntStream.range(0, 5)
                .mapToObj(id -> BrokerProcess.prepared("five-" + id, Place.LOOPBACK, VOTERS))
                .toList(),
            VOTERS);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  /** The second one dies in the middle of what the death of the first one brings about. */
  @Test
  void twoControllersDieOneAfterTheOther() {
    assertThat(voters()).containsExactly(0, 1, 2, 3, 4);
    try (Load load = Load.on(cluster, "two-of-five", 3)) {
      List<Integer> dead = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        int victim = cluster.controller();
        cluster.broker(victim).kill9();
        dead.add(victim);
        Await.until("another controller", () -> !dead.contains(cluster.controller()));
      }
      load.awaitMore(50);

      cluster.restore();
      cluster.awaitAllInSync(load.topic());
      load.awaitMore(20);
      load.assertAllThereOnceAndInOrder();
    }
    assertThat(voters()).containsExactly(0, 1, 2, 3, 4);
  }

  private List<Integer> voters() {
    try (Admin admin = Admin.builder().server(cluster.broker(0).address()).build()) {
      return admin.cluster(1).quorum().stream()
          .filter(QuorumMember::voter)
          .map(QuorumMember::brokerId)
          .sorted()
          .toList();
    }
  }
}
