package io.funes.server.metadata.raft;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.server.RaftServer;

/** Gives each call to whom it is for. */
final class RatisHandler implements RaftHandler {
  private final RaftServer server;
  private final Door door;
  private final LeaderSide leader;
  private final MemberChanges changes;
  private volatile boolean closed;

  RatisHandler(Members members, Door door, LeaderSide leader, MemberChanges changes) {
    this.server = members.server();
    this.door = door;
    this.leader = leader;
    this.changes = changes;
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
      case COMMITTED -> now(leader.committed().toBytes());
      case REQUEST_VOTE, APPEND_ENTRIES, INSTALL_SNAPSHOT, START_ELECTION -> {
        door.check();
        yield ratis(kind, body);
      }
    };
  }

  private CompletableFuture<byte[]> ratis(RaftCall kind, byte[] body) throws IOException {
    return switch (kind) {
      case REQUEST_VOTE ->
          now(server.requestVote(RequestVoteRequestProto.parseFrom(body)).toByteArray());
      case APPEND_ENTRIES ->
          server
              .appendEntriesAsync(AppendEntriesRequestProto.parseFrom(body))
              .thenApply(AppendEntriesReplyProto::toByteArray);
      case INSTALL_SNAPSHOT ->
          now(server.installSnapshot(InstallSnapshotRequestProto.parseFrom(body)).toByteArray());
      case START_ELECTION ->
          now(
              server
                  .startLeaderElection(StartLeaderElectionRequestProto.parseFrom(body))
                  .toByteArray());
      default -> throw new IOException("no call of Ratis: " + kind);
    };
  }

  private static CompletableFuture<byte[]> now(byte[] answer) {
    return CompletableFuture.completedFuture(answer);
  }
}
