package io.funes.server.metadata.raft;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;

/** Gives each call to whom it is for. */
final class RatisHandler implements RaftHandler {
  private final RaftServer server;
  private final Door door;
  private final LeaderSide leader;
  private final MemberChanges changes;
  private final ListenerTimer listenerTimer;
  private final ListenerVotes listenerVotes;
  private volatile boolean closed;

  RatisHandler(Members members, Door door, LeaderSide leader, MemberChanges changes) {
    this.server = members.server();
    this.door = door;
    this.leader = leader;
    this.changes = changes;
    this.listenerTimer = new ListenerTimer(members);
    this.listenerVotes = new ListenerVotes(members);
  }

  /** Ratis would report every call that finds it closing. */
  void close() {
    closed = true;
  }

  @Override
  public CompletableFuture<byte[]> handle(RaftCall kind, byte[] body) throws IOException {
    if (closed) {
      throw new IOException("this broker is stopping");
    }
    return switch (kind) {
      case INVITE -> {
        door.open(Invitation.from(body));
        yield now(WireBytes.NONE);
      }
      case SUBMIT -> leader.submit(Submission.from(body)).thenApply(Answer::toBytes);
      case CHANGE_MEMBERS -> changes.carryOut(MemberChange.from(body)).thenApply(Answer::toBytes);
      case COMMITTED -> now(leader.committed(body).toBytes());
      case REQUEST_VOTE, APPEND_ENTRIES, INSTALL_SNAPSHOT, START_ELECTION -> {
        door.check();
        yield ratis(kind, body);
      }
    };
  }

  private CompletableFuture<byte[]> ratis(RaftCall kind, byte[] body) throws IOException {
    return switch (kind) {
      case REQUEST_VOTE -> {
        RequestVoteRequestProto request = RequestVoteRequestProto.parseFrom(body);
        checkAddressee(request.getServerRequest());
        Optional<RequestVoteReplyProto> listeners = listenerVotes.vote(request);
        yield now(
            (listeners.isPresent() ? listeners.get() : server.requestVote(request)).toByteArray());
      }
      case APPEND_ENTRIES -> {
        AppendEntriesRequestProto request = AppendEntriesRequestProto.parseFrom(body);
        checkAddressee(request.getServerRequest());
        listenerTimer.before(request);
        yield server.appendEntriesAsync(request).thenApply(AppendEntriesReplyProto::toByteArray);
      }
      case INSTALL_SNAPSHOT -> {
        InstallSnapshotRequestProto request = InstallSnapshotRequestProto.parseFrom(body);
        checkAddressee(request.getServerRequest());
        yield now(server.installSnapshot(request).toByteArray());
      }
      case START_ELECTION -> {
        StartLeaderElectionRequestProto request = StartLeaderElectionRequestProto.parseFrom(body);
        checkAddressee(request.getServerRequest());
        yield now(server.startLeaderElection(request).toByteArray());
      }
      default -> throw new IOException("no call of Ratis: " + kind);
    };
  }

  /**
   * Ratis does not look. A broker at the address of one that has gone would take entries, and vote,
   * in that one's place.
   */
  private void checkAddressee(RaftRpcRequestProto request) throws IOException {
    RaftPeerId addressee = RaftPeerId.valueOf(request.getReplyId());
    if (!addressee.equals(server.getId())) {
      throw new IOException(
          "this is %s, and the call is for %s, which was here"
              .formatted(server.getId(), addressee));
    }
  }

  private static CompletableFuture<byte[]> now(byte[] answer) {
    return CompletableFuture.completedFuture(answer);
  }
}
