package io.funes.server.metadata.raft;

import io.funes.server.common.ErrorCode;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.exceptions.ResourceUnavailableException;
import org.apache.ratis.protocol.exceptions.StateMachineException;

/** Commands as the leader takes them. */
final class LeaderSide {
  private final Members members;
  private final RatisStateMachine stateMachine;

  LeaderSide(Members members, RatisStateMachine stateMachine) {
    this.members = members;
    this.stateMachine = stateMachine;
  }

  CompletableFuture<Answer> submit(Submission submission) throws IOException {
    if (!members.leads()) {
      return CompletableFuture.completedFuture(members.notLeader());
    }
    if (submission.repeatedSince() != Submission.FIRST
        && submission.repeatedSince() < stateMachine.repliesSince()) {
      // The first try may be inside the snapshot, where Ratis no longer knows it.
      return CompletableFuture.completedFuture(
          new Answer.Refused(
              ErrorCode.BROKER_UNAVAILABLE,
              "the metadata log changed its leader and nobody knows whether the command was applied: "
                  + "look before you try again"));
    }
    return members
        .server()
        .submitClientRequestAsync(request(submission))
        .handle(LeaderSide::answer);
  }

  Answer committed(byte[] body) throws IOException {
    if (!members.leads()) {
      return members.notLeader();
    }
    OptionalInt asker = WireBytes.read(body, LeaderSide::asker);
    if (asker.isPresent() && !members.membership().has(asker.getAsInt())) {
      return new Answer.Refused(
          ErrorCode.UNKNOWN_BROKER, "broker %d is no member".formatted(asker.getAsInt()));
    }
    long index = members.division().getRaftLog().getLastCommittedIndex();
    return new Answer.Done(WireBytes.string(out -> out.writeLong(index)));
  }

  private static OptionalInt asker(DataInputStream body) throws IOException {
    return body.available() == 0 ? OptionalInt.empty() : OptionalInt.of(body.readInt());
  }

  private RaftClientRequest request(Submission submission) {
    return RaftClientRequest.newBuilder()
        .setClientId(ClientId.valueOf(submission.clientId()))
        .setServerId(members.server().getId())
        .setGroupId(members.groupId())
        .setCallId(submission.callId())
        .setMessage(Message.valueOf(TermGuard.wrap(submission.term(), submission.command())))
        .setType(RaftClientRequest.writeRequestType())
        .build();
  }

  private static Answer answer(RaftClientReply reply, Throwable error) {
    Throwable cause = error == null ? reply.getException() : root(error);
    return switch (cause) {
      case null -> new Answer.Done(SubmissionResult.of(reply).toBytes());
      case ResourceUnavailableException full ->
          new Answer.Refused(
              ErrorCode.LIMIT_REACHED, "too many metadata commands are under way: try again soon");
      case StateMachineException refused when root(refused) instanceof TermGuard.TermOver over ->
          new Answer.Refused(ErrorCode.BROKER_UNAVAILABLE, over.getMessage());
      default -> new Answer.Unknown(cause.getClass().getSimpleName());
    };
  }

  static Throwable root(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
