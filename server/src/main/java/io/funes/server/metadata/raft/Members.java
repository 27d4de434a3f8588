package io.funes.server.metadata.raft;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.ratis.proto.RaftProtos.CommitInfoProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;

/** Who belongs to the quorum and who leads it, as far as is known here. */
final class Members {
  private final RaftServer server;
  private final RaftGroupId groupId;
  private final Peer self;

  Members(RaftServer server, RaftGroupId groupId, Peer self) {
    this.server = server;
    this.groupId = groupId;
    this.self = self;
  }

  RaftServer server() {
    return server;
  }

  RaftGroupId groupId() {
    return groupId;
  }

  Peer self() {
    return self;
  }

  RaftServer.Division division() throws IOException {
    return server.getDivision(groupId);
  }

  Membership membership() throws IOException {
    return Membership.of(division().getRaftConf());
  }

  /** Of all other members. */
  List<String> otherAddresses() {
    try {
      return membership().without(self.nodeId()).addresses();
    } catch (IOException e) {
      return List.of(); // Closed.
    }
  }

  boolean leads() throws IOException {
    return division().getInfo().isLeaderReady();
  }

  /** The term in which this broker leads and is ready. */
  OptionalLong ledTerm() {
    try {
      DivisionInfo info = division().getInfo();
      for (long term = info.getCurrentTerm(); info.isLeaderReady(); term = info.getCurrentTerm()) {
        if (term == info.getCurrentTerm()) {
          return OptionalLong.of(term);
        }
      }
    } catch (IOException e) {
      // Closed.
    }
    return OptionalLong.empty();
  }

  Optional<Peer> leader() {
    try {
      RaftPeerId leader = division().getInfo().getLeaderId();
      return leader == null ? Optional.empty() : Optional.of(peer(leader));
    } catch (IOException e) {
      return Optional.empty(); // Closed.
    }
  }

  Answer notLeader() {
    return new Answer.NotLeader(
        leader().filter(peer -> peer.nodeId() != self.nodeId()).map(Peer::address).orElse(""));
  }

  Quorum quorum() throws IOException {
    Map<Integer, Long> committed = new TreeMap<>();
    for (CommitInfoProto info : division().getCommitInfos()) {
      RaftPeerId id = RaftPeerId.valueOf(info.getServer().getId());
      committed.put(Peer.nodeId(id), info.getCommitIndex());
    }
    long farthest = committed.values().stream().mapToLong(Long::longValue).max().orElse(0);
    Membership membership = membership();
    List<Quorum.Member> members = new ArrayList<>();
    membership
        .voters()
        .values()
        .forEach(peer -> members.add(member(peer, true, committed, farthest)));
    membership
        .listeners()
        .values()
        .forEach(peer -> members.add(member(peer, false, committed, farthest)));
    return new Quorum(division().getInfo().getCurrentTerm(), leader().map(Peer::nodeId), members);
  }

  private static Quorum.Member member(
      Peer peer, boolean voter, Map<Integer, Long> committed, long farthest) {
    long known = committed.getOrDefault(peer.nodeId(), 0L);
    return new Quorum.Member(peer, voter, known, farthest - known);
  }

  private Peer peer(RaftPeerId id) throws IOException {
    RaftPeer peer =
        division().getRaftConf().getPeer(id, RaftPeerRole.FOLLOWER, RaftPeerRole.LISTENER);
    return peer == null ? new Peer(Peer.nodeId(id), "") : Peer.of(peer);
  }
}
