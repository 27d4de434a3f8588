package io.funes.server.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.RefusedException;
import io.funes.server.metadata.Commands;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.Outcome;
import io.funes.server.metadata.Outcome.Applied;
import io.funes.server.metadata.Outcome.ProducerInitialized;
import io.funes.server.metadata.raft.MemberChange.Kind;
import io.funes.server.metadata.raft.RaftConfig.Start;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RaftQuorumTest {
  @TempDir private static Path folders;
  private static final List<CompletableFuture<Void>> closings = new ArrayList<>();

  private final Path parent = folders.resolve(UUID.randomUUID().toString());
  private RaftCluster cluster;

  @AfterEach
  void close() {
    closings.add(cluster.closeInBackground());
    assertThat(cluster.fatal).isEmpty();
  }

  @AfterAll
  static void awaitClosings() {
    closings.forEach(CompletableFuture::join);
  }

  @Test
  void oneVoterGrowsToFive() throws Exception {
    cluster = new RaftCluster(parent, RaftCluster.QUICK);
    cluster.found(1);
    for (int id = 2; id <= 5; id++) {
      init(1, "before-" + id);
      cluster.join(id);
      assertThat(cluster.log(id).quorum().listeners()).containsExactly(id);
      cluster.change(Kind.PROMOTE, id);
      init(id, "after-" + id);
    }

    cluster.awaitAgreement();
    assertThat(cluster.log(1).quorum().voters()).containsExactly(1, 2, 3, 4, 5);
    assertThat(cluster.log(1).image().producers().size()).isEqualTo(8);
    // All five vote: it goes on without any two.
    cluster.kill(1);
    cluster.kill(2);
    init(3, "with three of five");
    cluster.awaitAgreement();
  }

  @Test
  void listenerFollowsAndVotesOnlyWhenItIsPromoted() throws Exception {
    cluster = RaftCluster.ofVoters(parent, 1, RaftCluster.QUICK);
    init(1, "billing");

    RatisMetadataLog listener = cluster.join(2);

    assertThat(listener.image()).isEqualTo(cluster.log(1).image());
    Quorum quorum = cluster.log(1).quorum();
    assertThat(quorum.leader()).contains(1);
    assertThat(quorum.voters()).containsExactly(1);
    assertThat(quorum.listeners()).containsExactly(2);
    cluster.network.cutOff(RaftCluster.address(2));
    init(1, "nobody waits for a listener");
    cluster.network.heal();
    cluster.awaitAgreement();

    cluster.change(Kind.PROMOTE, 2);
    cluster.awaitAgreement();
    assertThat(listener.quorum().voters()).containsExactly(1, 2);
  }

  /** Where Ratis waits for the timer and holds the lock, both may wait for good. */
  @Test
  void timerOfAListenerHasEndedWhenRatisTakesItsPromotion() throws Exception {
    cluster = RaftCluster.ofVoters(parent, 1, RaftCluster.PATIENT);
    RatisMetadataLog listener = cluster.join(2);
    Thread timer = timer(listener);

    CompletableFuture<Void> promotion;
    synchronized (listener.members().division()) {
      promotion = CompletableFuture.runAsync(() -> promote(2));
      RaftCluster.await("the end of the timer", () -> !timer.isAlive());
    }

    promotion.get(30, TimeUnit.SECONDS);
    assertThat(listener.quorum().voters()).containsExactly(1, 2);
  }

  private static Thread timer(RatisMetadataLog log) {
    String name = log.members().server().getId() + "@" + log.members().groupId() + "-FollowerState";
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .findAny()
        .orElseThrow();
  }

  private void promote(int id) {
    try {
      cluster.change(Kind.PROMOTE, id);
    } catch (Exception e) {
      throw new CompletionException(e);
    }
  }

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
  void emptiedVoterIsKeptOutUntilItIsRemoved() throws Exception {
    cluster = RaftCluster.ofVoters(parent, 3, RaftCluster.QUICK);
    int emptied = cluster.follower();
    init(emptied, "billing");
    cluster.kill(emptied);
    deleteAll(cluster.folder(emptied));

    assertThatThrownBy(() -> cluster.restart(emptied)).hasMessageContaining("is missing");
    RatisMetadataLog outside = cluster.begin(emptied, joinBy(cluster.leader()));
    init(cluster.leader(), "of the others");
    assertThat(outside.image()).isEqualTo(MetadataImage.EMPTY);
    assertThat(outside.quorum().voters()).isEmpty();
    assertThatThrownBy(() -> outside.awaitReady(1)).hasMessageContaining("was not invited");

    MemberChange away = new MemberChange(Kind.REMOVE, new Peer(emptied, ""));
    cluster.log(cluster.leader()).change(away, 20_000).get(30, TimeUnit.SECONDS);
    Peer self = new Peer(emptied, RaftCluster.address(emptied));
    outside.change(new MemberChange(Kind.ADD_LISTENER, self), 20_000).get(30, TimeUnit.SECONDS);
    outside.awaitReady(20_000);
    cluster.awaitAgreement();
    assertThat(outside.quorum().listeners()).containsExactly(emptied);
  }

  @Test
  void emptiedListenerJoinsAgain() throws Exception {
    cluster = RaftCluster.ofVoters(parent, 1, RaftCluster.QUICK);
    cluster.join(2);
    init(2, "billing");
    cluster.kill(2);
    deleteAll(cluster.folder(2));

    cluster.join(2);

    init(2, "again");
    cluster.awaitAgreement();
    assertThat(cluster.log(1).quorum().listeners()).containsExactly(2);
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

  @Test
  void leadershipGoesWhereItIsSent() throws Exception {
    cluster = RaftCluster.ofVoters(parent, 3, RaftCluster.QUICK);
    int next = cluster.follower();

    cluster.change(Kind.LEAD, next);

    assertThat(cluster.leader()).isEqualTo(next);
    init(1, "billing");
  }

  @Test
  void demotedVoterStaysAListenerThroughAnElection() throws Exception {
    cluster = RaftCluster.ofVoters(parent, 4, RaftCluster.QUICK);
    int demoted = cluster.leader();

    cluster.change(Kind.DEMOTE, demoted);

    int leader = cluster.leader();
    assertThat(leader).isNotEqualTo(demoted);
    assertThat(cluster.log(leader).quorum().listeners()).containsExactly(demoted);
    cluster.kill(leader);
    init(demoted, "billing");
    cluster.awaitAgreement();
    cluster.change(Kind.PROMOTE, demoted);
    init(demoted, "again");
    assertThat(cluster.log(demoted).quorum().voters()).contains(demoted);
  }

  @Test
  void logGoesOnWhereADeadVoterWasRemoved() throws Exception {
    cluster = RaftCluster.ofVoters(parent, 3, RaftCluster.QUICK);
    int leader = cluster.leader();
    int dead = cluster.follower();
    cluster.kill(dead);

    cluster
        .log(leader)
        .change(new MemberChange(Kind.REMOVE, new Peer(dead, "")), 20_000)
        .thenCompose(_ -> cluster.log(leader).submit(Commands.init("billing")))
        .get(10, TimeUnit.SECONDS)
        .orThrow();

    assertThat(cluster.log(leader).quorum().voters()).hasSize(2).doesNotContain(dead);
  }

  @Test
  void brokerThatWasRemovedIsToldWhenItComesBack() throws Exception {
    cluster = RaftCluster.ofVoters(parent, 3, RaftCluster.QUICK);
    cluster.join(4);
    int voter = cluster.follower();
    int listener = 4;
    for (int away : List.of(voter, listener)) {
      cluster.kill(away);
      cluster.change(Kind.REMOVE, away);
      RatisMetadataLog back = cluster.restart(away);
      // Whether it asks first, or stands for election.
      assertThatThrownBy(() -> back.awaitReady(20_000))
          .hasMessageStartingWith("this broker was removed from its cluster");
      init(cluster.leader(), "without " + away);
    }
  }

  @Test
  void voterThatWasRemovedWhileItStoodStillEndsAndSaysWhy() throws Exception {
    cluster = RaftCluster.ofVoters(parent, 3, RaftCluster.QUICK);
    int leader = cluster.leader();
    int away = cluster.follower();
    cluster.network.cutOff(RaftCluster.address(away));
    cluster
        .log(leader)
        .change(new MemberChange(Kind.REMOVE, new Peer(away, "")), 20_000)
        .get(30, TimeUnit.SECONDS);

    cluster.network.heal();

    RaftCluster.await("it ends", () -> !cluster.fatal.isEmpty());
    assertThat(cluster.fatal)
        .singleElement()
        .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
        .isInstanceOf(RemovedException.class);
    cluster.fatal.clear();
    init(leader, "without it");
  }

  @Test
  void changesThatWouldStopTheLogAreRefused() throws Exception {
    cluster = RaftCluster.ofVoters(parent, 1, RaftCluster.QUICK);

    assertThatThrownBy(() -> cluster.change(Kind.REMOVE, 1))
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("only voter");
    assertThatThrownBy(() -> cluster.change(Kind.PROMOTE, 2)).hasMessageContaining("no listener");
    assertThatThrownBy(() -> cluster.change(Kind.ADD_LISTENER, 2)) // It does not run.
        .cause()
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.refusal().code()).isEqualTo(ErrorCode.BROKER_UNAVAILABLE));
    init(1, "goes on");
  }

  @Test
  void memberAtANewAddressIsFound() throws Exception {
    cluster = RaftCluster.ofVoters(parent, 3, RaftCluster.QUICK);
    int moved = cluster.follower();
    String address = "moved:1";
    cluster.network.listen(address, cluster.log(moved).handler());
    cluster.network.hangUp(RaftCluster.address(moved));

    MemberChange change = new MemberChange(Kind.ADD_LISTENER, new Peer(moved, address));
    cluster.log(moved).change(change, 20_000).get(30, TimeUnit.SECONDS);

    init(cluster.leader(), "billing");
    cluster.awaitAgreement();
    assertThat(cluster.log(cluster.leader()).quorum().voters()).containsExactly(1, 2, 3);
  }

  private void init(int broker, String name) throws Exception {
    cluster.log(broker).submit(Commands.init(name)).get(30, TimeUnit.SECONDS).orThrow();
  }

  private static Start joinBy(int broker) {
    return new Start.Join(List.of(RaftCluster.address(broker)));
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

  private static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
