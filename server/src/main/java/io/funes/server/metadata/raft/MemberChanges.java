package io.funes.server.metadata.raft;

import io.funes.server.common.ErrorCode;
import io.funes.server.metadata.raft.MemberChange.Kind;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.SetConfigurationRequest.Arguments;
import org.apache.ratis.protocol.SetConfigurationRequest.Mode;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.protocol.exceptions.ReconfigurationTimeoutException;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/**
 * Changes of the quorum as the leader carries them out: one voter more or less at a time.
 *
 * <p>Ratis tells how they ended on the thread, and under the lock, that its server goes on with.
 * Who hears of it may submit a command, which waits for that lock; so the answers change the
 * thread.
 */
final class MemberChanges {
  private final Members members;
  private final RaftChannel channel;
  private final UUID clusterId;
  private final RaftTuning tuning;
  private final ClientId clientId = ClientId.randomId();
  private final AtomicLong callIds = new AtomicLong();

  MemberChanges(Members members, RaftChannel channel, UUID clusterId, RaftTuning tuning) {
    this.members = members;
    this.channel = channel;
    this.clusterId = clusterId;
    this.tuning = tuning;
  }

  CompletableFuture<Answer> carryOut(MemberChange change) throws IOException {
    if (!members.leads()) {
      return answered(members.notLeader());
    }
    Membership now = members.membership();
    Peer peer = change.peer();
    boolean voter = now.voters().containsKey(peer.nodeId());
    boolean listener = now.listeners().containsKey(peer.nodeId());
    return switch (change.kind()) {
      case ADD_LISTENER -> voter ? set(now.at(peer)) : addListener(now, peer);
      case PROMOTE ->
          voter
              ? done()
              : listener
                  ? promote(now, now.listeners().get(peer.nodeId()))
                  : refused("broker %d is no listener: add it first".formatted(peer.nodeId()));
      case DEMOTE, REMOVE -> voter ? withoutVoter(now, change) : set(withoutListener(now, change));
      case LEAD ->
          voter
              ? transfer(Peer.id(peer.nodeId()))
              : refused("broker %d is no voter: promote it first".formatted(peer.nodeId()));
    };
  }

  /**
   * Ratis would send the log to whoever listens at the address, and wait long for nobody; so the
   * broker is asked first whether it is there and awaits this. A listener that lost its disk is
   * welcome again: nobody counted on what it had. Ratis 3.3.0 sends it heartbeats that it cannot
   * make sense of until there is a new entry (RATIS-2523), so there is one even where it stays what
   * it was.
   */
  private CompletableFuture<Answer> addListener(Membership now, Peer peer) {
    return invite(peer)
        .thenCompose(there ->
            there instanceof Answer.Done ? write(now.withListener(peer)) : answered(there));
  }

  /** With one voter more everything needs one more: a dead one could stop the log for good. */
  private CompletableFuture<Answer> promote(Membership now, Peer peer) throws IOException {
    long lag =
        members.quorum().member(peer.nodeId()).map(Quorum.Member::lag).orElse(Long.MAX_VALUE);
    return lag > RaftSettings.CATCHUP_GAP
        ? refused(
            "broker %d is %d entries behind and votes from %d on: wait until it has caught up"
                .formatted(peer.nodeId(), lag, RaftSettings.CATCHUP_GAP))
        : invite(peer).thenCompose(there -> ifDone(there, now.withVoter(peer)));
  }

  /** The leader hands over first: Ratis would stop it, or let it lead without a vote. */
  private CompletableFuture<Answer> withoutVoter(Membership now, MemberChange change) {
    int nodeId = change.peer().nodeId();
    Membership others = now.without(nodeId);
    if (others.voters().isEmpty()) {
      return refused("broker %d is the only voter: promote another one first".formatted(nodeId));
    }
    if (nodeId == members.self().nodeId()) {
      int next = others.voters().keySet().iterator().next();
      return transfer(Peer.id(next)).thenApply(answer -> new Answer.NotLeader(""));
    }
    return set(
        change.kind() == Kind.REMOVE ? others : others.withListener(now.voters().get(nodeId)));
  }

  private static Membership withoutListener(Membership now, MemberChange change) {
    return change.kind() == Kind.REMOVE ? now.without(change.peer().nodeId()) : now;
  }

  private CompletableFuture<Answer> invite(Peer peer) {
    byte[] invitation = new Invitation(clusterId, peer.nodeId()).toBytes();
    return channel
        .call(peer.address(), RaftCall.INVITE, invitation, tuning.requestMs())
        .<Answer>thenApply(there -> new Answer.Done(ByteString.EMPTY))
        .exceptionally(e ->
            new Answer.Refused(
                ErrorCode.BROKER_UNAVAILABLE,
                "broker %d does not answer at %s (%s): see that it runs, then try again"
                    .formatted(peer.nodeId(), peer.address(), LeaderSide.root(e).getMessage())));
  }

  private CompletableFuture<Answer> ifDone(Answer before, Membership next) {
    return before instanceof Answer.Done ? set(next) : answered(before);
  }

  private CompletableFuture<Answer> set(Membership wanted) {
    try {
      return wanted.at(members.self()).equals(members.membership()) ? done() : write(wanted);
    } catch (IOException e) {
      return answered(answer(null, e));
    }
  }

  /**
   * All members have the same priority. Ratis 3.3.0 takes a configuration in which only addresses
   * differ for the present one, so the priority of all changes with them.
   */
  private CompletableFuture<Answer> write(Membership wanted) {
    try {
      Membership now = members.membership();
      Membership next = wanted.at(members.self());
      int priority =
          members.division().getRaftConf().getPeer(members.server().getId()).getPriority();
      int nextPriority = next.sameIds(now) ? 1 - priority : priority;
      Arguments arguments =
          Arguments.newBuilder()
              .setMode(Mode.COMPARE_AND_SET)
              .setServersInCurrentConf(now.ratisVoters(priority))
              .setListenersInCurrentConf(now.ratisListeners(priority))
              .setServersInNewConf(next.ratisVoters(nextPriority))
              .setListenersInNewConf(next.ratisListeners(nextPriority))
              .build();
      return members
          .server()
          .setConfigurationAsync(
              new SetConfigurationRequest(
                  clientId,
                  members.server().getId(),
                  members.groupId(),
                  callIds.incrementAndGet(),
                  arguments))
          .handleAsync(this::answer);
    } catch (IOException | RuntimeException e) {
      return answered(answer(null, e));
    }
  }

  /**
   * @param newLeader null for whoever is elected
   */
  private CompletableFuture<Answer> transfer(RaftPeerId newLeader) {
    try {
      return members
          .server()
          .transferLeadershipAsync(
              new TransferLeadershipRequest(
                  clientId,
                  members.server().getId(),
                  members.groupId(),
                  callIds.incrementAndGet(),
                  newLeader,
                  tuning.electionMaxMs()))
          .handleAsync(this::answer);
    } catch (IOException | RuntimeException e) {
      return answered(answer(null, e));
    }
  }

  private Answer answer(RaftClientReply reply, Throwable error) {
    Throwable cause = error == null ? reply.getException() : LeaderSide.root(error);
    if (cause == null) {
      return new Answer.Done(ByteString.EMPTY);
    }
    if (cause instanceof ReconfigurationTimeoutException) {
      // Ratis 3.3.0 stops to send to every member that was added in this term; the next leader
      // sends to all.
      var _ = transfer(null);
      return new Answer.Refused(
          ErrorCode.BROKER_UNAVAILABLE,
          "a broker that is being added does not answer any more: see that it runs, then try again");
    }
    return new Answer.Unknown(cause.getClass().getSimpleName() + ": " + cause.getMessage());
  }

  private static CompletableFuture<Answer> refused(String message) {
    return answered(new Answer.Refused(ErrorCode.INVALID_ARGUMENT, message));
  }

  private static CompletableFuture<Answer> done() {
    return answered(new Answer.Done(ByteString.EMPTY));
  }

  private static CompletableFuture<Answer> answered(Answer answer) {
    return CompletableFuture.completedFuture(answer);
  }
}
