package io.funes.server.metadata.raft;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.exceptions.StateMachineException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.statemachine.StateMachine;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/**
 * Commands that count in one term only, such as those of a controller that may have been deposed.
 * The term stands before the command on its way to Ratis and is not logged; it is checked where the
 * entry gets its index, under the lock under which terms change.
 */
final class TermGuard {
  private TermGuard() {}

  static ByteString wrap(long term, ByteString command) {
    ByteBuffer head = ByteBuffer.allocate(Long.BYTES).putLong(0, term);
    return ByteString.copyFrom(head).concat(command);
  }

  static TransactionContext unwrap(RaftClientRequest request, StateMachine stateMachine) {
    ByteString message = request.getMessage().getContent();
    return TransactionContext.newBuilder()
        .setStateMachine(stateMachine)
        .setClientRequest(request)
        .setLogData(message.substring(Long.BYTES))
        .setStateMachineContext(message.asReadOnlyByteBuffer().getLong(0))
        .build();
  }

  static void check(TransactionContext transaction, RaftServer.Division division)
      throws StateMachineException {
    long wanted = (Long) transaction.getStateMachineContext();
    long now = division.getInfo().getCurrentTerm();
    if (wanted != Submission.ANY_TERM && wanted != now) {
      TermOver over = new TermOver(wanted, now);
      throw new StateMachineException(over.getMessage(), over, false);
    }
  }

  /** The term in which a command was to be applied is over. */
  static final class TermOver extends IOException {
    private static final long serialVersionUID = 1;

    TermOver(long wanted, long now) {
      super(
          "this was for the leader of term %d, and it is term %d: leave it to the leader now"
              .formatted(wanted, now));
    }
  }
}
