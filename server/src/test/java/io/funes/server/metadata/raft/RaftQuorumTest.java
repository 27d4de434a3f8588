package io.funes.server.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.metadata.Commands;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.Outcome;
import io.funes.server.metadata.Outcome.Applied;
import io.funes.server.metadata.Outcome.ProducerInitialized;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Commands on their way through a quorum, with all of its brokers and without some. */
class RaftQuorumTest extends RaftScene {
  /** By the leader's heartbeat they would learn a minute later. */
  @Test
  void followersLearnAtOnceWhatIsCommitted() throws Exception {
    cluster = RaftCluster.ofVoters(parent, 3, RaftCluster.PATIENT);

    init(1, "billing");

    cluster.awaitAgreement();
  }

  @Test
  void commandsOfAFollowerAreAppliedOnceThroughADeathOfTheLeader() throws Exception {
    cluster = RaftCluster.ofVoters(parent, 3, RaftCluster.QUICK);
    int leader = cluster.leader();
    RatisMetadataLog follower = cluster.log(cluster.follower());
    List<CompletableFuture<Outcome>> answers = new ArrayList<>();
    cluster.network.loseAnswers(5);
    for (int i = 0; i < 200; i++) {
      answers.add(follower.submit(Commands.init("billing")));
      if (i == 100) {
        answers.get(50).get(20, TimeUnit.SECONDS);
        cluster.kill(leader);
      }
    }

    List<Integer> epochs = new ArrayList<>();
    for (CompletableFuture<Outcome> answer : answers) {
      Applied applied = (Applied) answer.get(30, TimeUnit.SECONDS);
      epochs.add(((ProducerInitialized) applied.result()).epoch());
    }

    Collections.sort(epochs);
    assertThat(epochs).isEqualTo(IntStream.range(0, 200).boxed().toList());
    assertThat(cluster.leader()).isNotEqualTo(leader);
    cluster.awaitAgreement();
  }

  @Test
  void whoAsksAFollowerFindsThereWhatWasDone() throws Exception {
    cluster = RaftCluster.ofVoters(parent, 3, RaftCluster.QUICK);
    cluster.join(4);

    for (int round = 0; round < 10; round++) {
      String name = "billing-" + round;
      init(4, name);
      assertThat(cluster.log(4).image().producers()).anyMatch(one -> one.name().equals(name));
    }
  }

  @Test
  void leaderThatIsCutOffCommitsNothingAndLearnsOfIt() throws Exception {
    cluster = RaftCluster.ofVoters(parent, 3, RaftCluster.QUICK);
    int deposed = cluster.leader();
    List<String> heard = Collections.synchronizedList(new ArrayList<>());
    cluster.log(deposed).subscribe(recordIn(heard));
    RaftCluster.await("its leadership", () -> !heard.isEmpty());
    long term = cluster.log(deposed).quorum().term();
    MetadataImage before = cluster.log(deposed).image();

    cluster.network.cutOff(RaftCluster.address(deposed));
    CompletableFuture<Outcome> lonely = cluster.log(deposed).submit(Commands.init("lonely"), term);

    RaftCluster.await("it follows", () -> heard.size() == 2);
    assertThat(heard).containsExactly("leading " + term, "following");
    assertThat(cluster.log(deposed).image()).isEqualTo(before);
    int other = deposed == 1 ? 2 : 1;
    init(other, "of the majority");
    cluster.network.heal();
    cluster.awaitAgreement();
    assertThat(lonely)
        .failsWithin(30, TimeUnit.SECONDS)
        .withThrowableThat()
        .withMessageContaining("BROKER_UNAVAILABLE");
    assertThat(cluster.log(other).image().producers().get("lonely")).isEmpty();
  }

  @Test
  void minorityRefusesAfterItsTime() throws Exception {
    RaftTuning impatient = new RaftTuning(300, 600, 500, 1_500, 10_000, 4 << 20, 1_000, 1);
    cluster = RaftCluster.ofVoters(parent, 3, impatient);
    int follower = cluster.follower();
    cluster.network.cutOff(RaftCluster.address(follower));

    assertThat(cluster.log(follower).submit(Commands.init("lonely")))
        .failsWithin(20, TimeUnit.SECONDS)
        .withThrowableThat()
        .withMessageContaining("BROKER_UNAVAILABLE");
    cluster.network.heal();
    cluster.awaitAgreement();
  }

  @Test
  void allComeBackAfterARestart() throws Exception {
    cluster = RaftCluster.ofVoters(parent, 3, RaftCluster.QUICK);
    cluster.join(4);
    init(4, "billing");
    cluster.awaitAgreement();
    MetadataImage image = cluster.log(1).image();
    cluster.stopAll();

    for (int id = 1; id <= 4; id++) {
      cluster.restart(id);
    }

    for (int id = 1; id <= 4; id++) {
      cluster.log(id).awaitReady(30_000);
      assertThat(cluster.log(id).image()).isEqualTo(image);
      assertThat(cluster.log(id).quorum().voters()).containsExactly(1, 2, 3);
      assertThat(cluster.log(id).quorum().listeners()).containsExactly(4);
    }
    init(4, "after");
    cluster.awaitAgreement();
  }

  private static LeadershipListener recordIn(List<String> heard) {
    return new LeadershipListener() {
      @Override
      public void leading(long term) {
        heard.add("leading " + term);
      }

      @Override
      public void following() {
        heard.add("following");
      }
    };
  }
}
