package io.funes.server.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.metadata.raft.MemberChange.Kind;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** Another broker is to lead: where the leader has died, and where it lives. */
class RaftElectionsTest extends RaftScene {
  /** Left to themselves they would wait for minutes. */
  @Test
  void votersThatAreToldOfTheLeadersDeathElectAnotherAtOnce() throws Exception {
    cluster = RaftCluster.ofVoters(parent, 3, RaftCluster.PATIENT);
    cluster.join(4);
    init(1, "so that all logs are equal");
    cluster.awaitAgreement();
    cluster.kill(1);

    cluster.log(4).leaderDied(1); // It has no vote.
    cluster.log(2).leaderDied(1);
    RaftCluster.await("the first heir", () -> cluster.leader() == 2);
    cluster.log(3).leaderDied(1);

    init(3, "billing");
    cluster.awaitAgreement();
    assertThat(cluster.leader()).as("who comes late drops out").isEqualTo(2);
  }

  @Test
  void secondHeirStandsWhereTheFirstIsDeadToo() throws Exception {
    cluster = RaftCluster.ofVoters(parent, 5, RaftCluster.PATIENT);
    init(1, "so that all logs are equal");
    cluster.awaitAgreement();
    cluster.kill(1);
    cluster.kill(2);

    cluster.log(3).leaderDied(1);

    RaftCluster.await("the second heir", () -> cluster.leader() == 3);
    init(5, "billing");
    cluster.awaitAgreement();
  }

  @Test
  void wrongWordOfTheLeadersDeathCostsOneElection() throws Exception {
    cluster = RaftCluster.ofVoters(parent, 3, RaftCluster.PATIENT);
    init(1, "billing");
    cluster.log(2).leaderDied(3); // Which does not lead.
    init(1, "of the leader as it was");
    assertThat(cluster.leader()).isEqualTo(1);
    cluster.awaitAgreement(); // Or it stands in vain.

    cluster.log(2).leaderDied(1);
    RaftCluster.await("another leader", () -> cluster.leader() == 2);
    init(1, "of the one that was deposed");
    cluster.change(Kind.LEAD, 1);
    cluster.log(2).leaderDied(1);
    init(2, "again");

    assertThat(cluster.leader()).as("not so soon again").isEqualTo(1);
    assertThat(cluster.log(1).image().producers().size()).isEqualTo(4);
  }

  @Test
  void leadershipGoesWhereItIsSent() throws Exception {
    cluster = RaftCluster.ofVoters(parent, 3, RaftCluster.QUICK);
    int next = cluster.follower();

    cluster.change(Kind.LEAD, next);

    assertThat(cluster.leader()).isEqualTo(next);
    init(1, "billing");
  }

  @Test
  void everyBrokerHearsOfANewLeader() throws Exception {
    cluster = RaftCluster.ofVoters(parent, 3, RaftCluster.QUICK);
    cluster.join(4); // It has no vote.
    int next = cluster.follower();
    Map<Integer, Integer> told = new ConcurrentHashMap<>();
    for (int id = 1; id <= 4; id++) {
      int broker = id;
      RatisMetadataLog log = cluster.log(id);
      log.reportLeader(() -> log.leader().ifPresent(leader -> told.put(broker, leader)));
    }

    cluster.change(Kind.LEAD, next);

    RaftCluster.await(
        "all hear of it", () -> told.equals(Map.of(1, next, 2, next, 3, next, 4, next)));
  }
}
