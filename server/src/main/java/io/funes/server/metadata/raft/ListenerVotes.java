package io.funes.server.metadata.raft;

import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Comparator;
import java.util.Optional;
import org.apache.ratis.proto.RaftProtos.RaftRpcReplyProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.ProtoUtils;

/**
 * Lets a listener vote for a candidate that knows no less than it does. Who asks it counts it among
 * the voters, and so it is one, or will be when it hears of its promotion (Ongaro's dissertation,
 * 4.2.2: whom a server votes for does not depend on its own configuration). Ratis 3.3.0 refuses:
 * where a leader dies between the commit of a promotion and its delivery, the others may be too few
 * for good. One whose log is empty does not vote: it may have lost what it voted for.
 *
 * <p>By reflection, since Ratis keeps its votes to itself.
 */
final class ListenerVotes {
  private static final Comparator<TermIndex> LOG_ORDER =
      Comparator.comparingLong(TermIndex::getTerm).thenComparingLong(TermIndex::getIndex);

  private final Members members;
  private final Method state;
  private final Method lastEntry;
  private final Method votedFor;
  private final Method updateTerm;
  private final Method grant;
  private final Method persist;
  private final Method role;
  private final Method follower;
  private final Method hasLeader;

  ListenerVotes(Members members) {
    this.members = members;
    try {
      ClassLoader ratis = RaftServer.class.getClassLoader();
      String inside = "org.apache.ratis.server.impl.";
      Class<?> server = Class.forName(inside + "RaftServerImpl", false, ratis);
      Class<?> votes = Class.forName(inside + "ServerState", false, ratis);
      state = opened(server.getDeclaredMethod("getState"));
      lastEntry = opened(votes.getDeclaredMethod("getLastEntry"));
      votedFor = opened(votes.getDeclaredMethod("getVotedFor"));
      updateTerm = opened(votes.getDeclaredMethod("updateCurrentTerm", long.class));
      grant = opened(votes.getDeclaredMethod("grantVote", RaftPeerId.class));
      persist = opened(votes.getDeclaredMethod("persistMetadata"));
      role = opened(server.getDeclaredMethod("getRole"));
      follower =
          opened(
              Class.forName(inside + "RoleInfo", false, ratis)
                  .getDeclaredMethod("getFollowerState"));
      hasLeader =
          opened(
              Class.forName(inside + "FollowerState", false, ratis)
                  .getDeclaredMethod("isCurrentLeaderValid"));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this is not the Ratis that ListenerVotes was made for", e);
    }
  }

  private static Method opened(Method method) {
    method.setAccessible(true);
    return method;
  }

  /** Empty where the vote is Ratis' own matter, which then mostly refuses it. */
  Optional<RequestVoteReplyProto> vote(RequestVoteRequestProto request) throws IOException {
    RaftServer.Division division = members.division();
    // The lock under which Ratis votes and changes its role.
    synchronized (division) {
      if (!isFor(division, request)) {
        return Optional.empty();
      }
      try {
        Object votes = state.invoke(division);
        TermIndex last = (TermIndex) lastEntry.invoke(votes);
        long term = division.getInfo().getCurrentTerm();
        if (knowsLess(request, last) || !isFree(request, votes, term)) {
          return Optional.empty();
        }
        if (request.getPreVote()) {
          return hears(division) ? Optional.empty() : Optional.of(granted(request, term, last));
        }
        updateTerm.invoke(votes, request.getCandidateTerm());
        grant.invoke(votes, candidate(request));
        persist.invoke(votes);
        return Optional.of(granted(request, request.getCandidateTerm(), last));
      } catch (ReflectiveOperationException e) {
        throw new IOException(e);
      }
    }
  }

  /** Brokers of two clusters may have one number, and an address that was another's. */
  private static boolean isFor(RaftServer.Division division, RequestVoteRequestProto request) {
    return division.getInfo().isListener()
        && division.getInfo().getLifeCycleState() == LifeCycle.State.RUNNING
        && ProtoUtils.toRaftGroupId(request.getServerRequest().getRaftGroupId())
            .equals(division.getMemberId().getGroupId());
  }

  private static boolean knowsLess(RequestVoteRequestProto request, TermIndex last) {
    return last == null
        || LOG_ORDER.compare(TermIndex.valueOf(request.getCandidateLastEntry()), last) < 0;
  }

  private boolean hears(RaftServer.Division division) throws ReflectiveOperationException {
    Optional<?> timer = (Optional<?>) follower.invoke(role.invoke(division));
    return timer.isPresent() && (boolean) hasLeader.invoke(timer.get());
  }

  /** Of one term it has one vote. */
  private boolean isFree(RequestVoteRequestProto request, Object votes, long term)
      throws ReflectiveOperationException {
    Object given = votedFor.invoke(votes);
    return request.getPreVote()
        || request.getCandidateTerm() > term
        || (request.getCandidateTerm() == term
            && (given == null || given.equals(candidate(request))));
  }

  private static RaftPeerId candidate(RequestVoteRequestProto request) {
    return RaftPeerId.valueOf(request.getServerRequest().getRequestorId());
  }

  private RequestVoteReplyProto granted(
      RequestVoteRequestProto request, long term, TermIndex last) {
    RaftRpcRequestProto call = request.getServerRequest();
    return RequestVoteReplyProto.newBuilder()
        .setServerReply(
            RaftRpcReplyProto.newBuilder()
                .setRequestorId(call.getRequestorId())
                .setReplyId(members.server().getId().toByteString())
                .setRaftGroupId(call.getRaftGroupId())
                .setCallId(call.getCallId())
                .setSuccess(true))
        .setTerm(term)
        .setLastEntry(last.toProto())
        .build();
  }
}
