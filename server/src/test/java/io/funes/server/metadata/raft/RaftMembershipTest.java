package io.funes.server.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.RefusedException;
import io.funes.server.metadata.Commands;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.raft.MemberChange.Kind;
import io.funes.server.metadata.raft.RaftConfig.Start;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Brokers join the quorum, are promoted, demoted and removed, and come back. */
class RaftMembershipTest extends RaftScene {
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

  private static Start joinBy(int broker) {
    return new Start.Join(List.of(RaftCluster.address(broker)));
  }

  private static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
