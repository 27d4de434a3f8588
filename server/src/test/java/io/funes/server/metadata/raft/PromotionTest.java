package io.funes.server.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.metadata.raft.MemberChange.Kind;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftGroupIdProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.junit.jupiter.api.Test;

/** What happens between a broker's being a listener and its voting. */
class PromotionTest extends RaftScene {
  /** Where Ratis waits for the timer and holds the lock, both may wait for good. */
  @Test
  void timerOfAListenerHasEndedWhenRatisTakesItsPromotion() throws Exception {
    cluster = RaftCluster.ofVoters(parent, 1, RaftCluster.PATIENT);
    RatisMetadataLog listener = cluster.join(2);
    Thread timer = timer(listener);
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch locked = new CountDownLatch(1);
    cluster.network.onArrival((address, kind, body) -> {
      if (address.equals(RaftCluster.address(2)) && changesMembers(kind, body)) {
        arrived.countDown();
        locked.await();
      }
    });

    CompletableFuture<Void> promotion = CompletableFuture.runAsync(() -> promote(2));
    assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();
    // Only now: an earlier call would wait for this lock, and the entry for the answer to it.
    synchronized (listener.members().division()) {
      locked.countDown();
      RaftCluster.await("the end of the timer", () -> !timer.isAlive());
    }

    promotion.get(30, TimeUnit.SECONDS);
    assertThat(listener.quorum().voters()).containsExactly(1, 2);
  }

  /** The others alone commit its promotion, and the leader dies before it hears of that. */
  @Test
  void brokerThatHasNotHeardThatItVotesVotesAllTheSame() throws Exception {
    cluster = RaftCluster.ofVoters(parent, 2, RaftCluster.QUICK);
    RatisMetadataLog promoted = cluster.join(3);
    int leader = cluster.leader();
    cluster.network.onArrival((address, kind, body) -> {
      if (address.equals(RaftCluster.address(3)) && completesChange(kind, body)) {
        throw new IOException("it is lost");
      }
    });

    cluster.change(Kind.PROMOTE, 3);
    assertThat(promoted.members().division().getInfo().isListener()).isTrue();
    cluster.kill(leader);
    cluster.network.onArrival((_, _, _) -> {});

    init(cluster.leader(), "by two of three");
    cluster.awaitAgreement();
    assertThat(promoted.quorum().voters()).containsExactly(1, 2, 3);
  }

  /** With the last of its two entries a change is over. */
  private static boolean completesChange(RaftCall kind, byte[] body) throws IOException {
    return kind == RaftCall.APPEND_ENTRIES
        && AppendEntriesRequestProto.parseFrom(body).getEntriesList().stream()
            .filter(LogEntryProto::hasConfigurationEntry)
            .map(LogEntryProto::getConfigurationEntry)
            .anyMatch(change -> change.getOldPeersCount() == 0);
  }

  private static boolean changesMembers(RaftCall kind, byte[] body) throws IOException {
    return kind == RaftCall.APPEND_ENTRIES
        && AppendEntriesRequestProto.parseFrom(body).getEntriesList().stream()
            .anyMatch(LogEntryProto::hasConfigurationEntry);
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

  @Test
  void listenerHasOneVoteInEachTermAndForThoseOnlyWhoKnowNoLess() throws Exception {
    cluster = RaftCluster.ofVoters(parent, 2, RaftCluster.PATIENT);
    RatisMetadataLog listener = cluster.join(3);
    long term = listener.members().division().getInfo().getCurrentTerm();
    long known = listener.members().division().getRaftLog().getLastEntryTermIndex().getIndex();

    UUID group = listener.members().groupId().getUuid();

    assertThat(votes(group, 2, term + 1, known - 1)).as("for one that knows less").isFalse();
    assertThat(votes(new UUID(6, 6), 1, term + 1, known)).as("in another cluster").isFalse();
    assertThat(votes(group, 1, term + 1, known)).isTrue();
    assertThat(votes(group, 2, term + 1, known)).isFalse();
    assertThat(votes(group, 1, term + 1, known)).as("asked again").isTrue();

    cluster.kill(3);
    cluster.restart(3);
    assertThat(votes(group, 2, term + 1, known)).as("it remembers").isFalse();
    assertThat(votes(group, 2, term + 2, known)).isTrue();
  }

  /** What broker 3 answers. */
  private boolean votes(UUID group, int candidate, long term, long lastIndex) throws Exception {
    Members members = cluster.log(3).members();
    RequestVoteRequestProto request =
        RequestVoteRequestProto.newBuilder()
            .setServerRequest(
                RaftRpcRequestProto.newBuilder()
                    .setRequestorId(
                        cluster.log(candidate).members().server().getId().toByteString())
                    .setReplyId(members.server().getId().toByteString())
                    .setRaftGroupId(
                        RaftGroupIdProto.newBuilder()
                            .setId(RaftGroupId.valueOf(group).toByteString())))
            .setCandidateTerm(term)
            .setCandidateLastEntry(TermIndexProto.newBuilder().setTerm(1).setIndex(lastIndex))
            .build();
    try {
      return RequestVoteReplyProto.parseFrom(
              cluster
                  .network
                  .from(RaftCluster.address(candidate))
                  .call(
                      RaftCluster.address(3), RaftCall.REQUEST_VOTE, request.toByteArray(), 10_000)
                  .get(10, TimeUnit.SECONDS))
          .getServerReply()
          .getSuccess();
    } catch (ExecutionException e) {
      return false; // Ratis does not expect the question.
    }
  }
}
