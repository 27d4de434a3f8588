package io.funes.server.metadata.transport;

import io.funes.proto.internal.v1.RaftCallKind;
import io.funes.server.metadata.raft.RaftCall;
import java.util.Optional;

/** Kinds of calls, ours and the proto's. */
final class CallKinds {
  private CallKinds() {}

  static RaftCallKind toProto(RaftCall call) {
    return switch (call) {
      case REQUEST_VOTE -> RaftCallKind.RAFT_CALL_KIND_REQUEST_VOTE;
      case APPEND_ENTRIES -> RaftCallKind.RAFT_CALL_KIND_APPEND_ENTRIES;
      case INSTALL_SNAPSHOT -> RaftCallKind.RAFT_CALL_KIND_INSTALL_SNAPSHOT;
      case START_ELECTION -> RaftCallKind.RAFT_CALL_KIND_START_ELECTION;
      case INVITE -> RaftCallKind.RAFT_CALL_KIND_INVITE;
      case SUBMIT -> RaftCallKind.RAFT_CALL_KIND_SUBMIT;
      case CHANGE_MEMBERS -> RaftCallKind.RAFT_CALL_KIND_CHANGE_MEMBERS;
      case COMMITTED -> RaftCallKind.RAFT_CALL_KIND_COMMITTED;
    };
  }

  static Optional<RaftCall> fromProto(RaftCallKind kind) {
    return switch (kind) {
      case RAFT_CALL_KIND_REQUEST_VOTE -> Optional.of(RaftCall.REQUEST_VOTE);
      case RAFT_CALL_KIND_APPEND_ENTRIES -> Optional.of(RaftCall.APPEND_ENTRIES);
      case RAFT_CALL_KIND_INSTALL_SNAPSHOT -> Optional.of(RaftCall.INSTALL_SNAPSHOT);
      case RAFT_CALL_KIND_START_ELECTION -> Optional.of(RaftCall.START_ELECTION);
      case RAFT_CALL_KIND_INVITE -> Optional.of(RaftCall.INVITE);
      case RAFT_CALL_KIND_SUBMIT -> Optional.of(RaftCall.SUBMIT);
      case RAFT_CALL_KIND_CHANGE_MEMBERS -> Optional.of(RaftCall.CHANGE_MEMBERS);
      case RAFT_CALL_KIND_COMMITTED -> Optional.of(RaftCall.COMMITTED);
      case RAFT_CALL_KIND_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
    };
  }
}
