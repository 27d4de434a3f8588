package io.funes.server.metadata.raft;

import io.funes.server.common.Ticker;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.util.ProtoUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands for election at once when the leader is known to be dead, where Ratis would wait until it
 * has been silent for long enough. Voters stand one after the other, so that they do not split the
 * votes; who hears of an election first drops out. Ratis is told that the leader hands over, which
 * also has it skip the question whether the others miss the leader: they may not have noticed yet.
 *
 * <p>Whoever is wrong about the death costs an election and nothing else, once in a while only. One
 * whose log is behind stands in vain, and then the timeouts decide.
 */
final class Succession {
  private static final Logger LOG = LoggerFactory.getLogger(Succession.class);

  /**
   * Far longer than one voter notices later than another, and a request for votes takes: two that
   * stand at once get no majority, and wait for their timeouts. It rarely costs anybody time: of
   * three voters the first that is left wins, unless its log is behind, or nobody does.
   */
  private static final long STAGGER_MS = 400;

  private final Members members;
  private final long pauseNanos;
  private final Ticker ticker = Ticker.system();
  private Optional<Long> stoodNanos = Optional.empty();

  /**
   * @param pauseMs between two times that this broker stands
   */
  Succession(Members members, long pauseMs) {
    this.members = members;
    this.pauseNanos = TimeUnit.MILLISECONDS.toNanos(pauseMs);
  }

  /** What is to be succeeded: it is over as soon as there is another term. */
  private record Reign(int leader, long term) {}

  /** The same on all brokers. */
  static List<Integer> heirs(Membership membership, int dead) {
    return membership.voters().keySet().stream().filter(id -> id != dead).sorted().toList();
  }

  void leaderDied(int nodeId) {
    try {
      int rank = heirs(members.membership(), nodeId).indexOf(members.self().nodeId());
      Optional<Reign> reign = reign().filter(now -> now.leader == nodeId);
      if (rank >= 0 && reign.isPresent()) {
        Executor turn = CompletableFuture.delayedExecutor(rank * STAGGER_MS, TimeUnit.MILLISECONDS);
        turn.execute(() -> stand(reign.get()));
      }
    } catch (IOException e) {
      LOG.debug("closed", e);
    }
  }

  private synchronized void stand(Reign over) {
    long now = ticker.nanos();
    try {
      if (!reign().equals(Optional.of(over))
          || stoodNanos.filter(stood -> now - stood < pauseNanos).isPresent()) {
        return;
      }
      stoodNanos = Optional.of(now);
      LOG.info("Broker {}, which led the metadata log, is gone: this one stands", over.leader);
      if (!members.server().startLeaderElection(handover(over)).getServerReply().getSuccess()) {
        LOG.info("It has not all that the leader had, or heard of another election");
      }
    } catch (IOException e) {
      LOG.info("This broker could not stand for election, the timeouts decide: {}", e.toString());
    }
  }

  private Optional<Reign> reign() throws IOException {
    RaftServer.Division division = members.division();
    long term = division.getInfo().getCurrentTerm();
    return members.leader().map(leader -> new Reign(leader.nodeId(), term));
  }

  /** As if the leader had sent it, with the last entry that has come from it. */
  private StartLeaderElectionRequestProto handover(Reign over) throws IOException {
    TermIndex last = members.division().getRaftLog().getLastEntryTermIndex();
    RaftPeerId self = members.server().getId();
    return StartLeaderElectionRequestProto.newBuilder()
        .setServerRequest(
            RaftRpcRequestProto.newBuilder()
                .setRequestorId(Peer.id(over.leader).toByteString())
                .setReplyId(self.toByteString())
                .setRaftGroupId(ProtoUtils.toRaftGroupIdProtoBuilder(members.groupId())))
        .setLeaderLastEntry(
            TermIndexProto.newBuilder()
                .setTerm(over.term)
                .setIndex(last == null ? 0 : last.getIndex()))
        .build();
  }
}
