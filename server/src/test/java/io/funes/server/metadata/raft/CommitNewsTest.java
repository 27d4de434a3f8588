package io.funes.server.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.leader.LogAppender;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A leader with one follower, and entry 7 committed. */
class CommitNewsTest {
  private static final RaftPeerId FOLLOWER = RaftPeerId.valueOf("broker-2");

  private final CommitNews news = new CommitNews();
  private int heartbeats;

  @BeforeEach
  void commit() {
    news.tellThrough(appender());
    news.committed(7);
    assertThat(heartbeats).isEqualTo(1);
  }

  private LogAppender appender() {
    return (LogAppender)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {LogAppender.class},
            (_, method, _) ->
                switch (method.getName()) {
                  case "getFollowerId" -> FOLLOWER;
                  case "triggerHeartbeat" -> {
                    heartbeats++;
                    yield null;
                  }
                  default -> throw new AssertionError(method);
                });
  }

  private static AppendEntriesRequestProto.Builder message(long leaderCommit, long previous) {
    return AppendEntriesRequestProto.newBuilder()
        .setServerRequest(RaftRpcRequestProto.newBuilder().setReplyId(FOLLOWER.toByteString()))
        .setLeaderCommit(leaderCommit)
        .setPreviousLog(TermIndexProto.newBuilder().setIndex(previous));
  }

  /** Ratis would let the follower know at the next heartbeat, half an election timeout later. */
  @Test
  void whatIsCommittedWhileAMessageIsMadeIsToldInTheNextOne() {
    news.sending(message(6, 7).build());
    assertThat(heartbeats).isEqualTo(2);

    news.sending(message(6, 6).addEntries(LogEntryProto.newBuilder().setIndex(7)).build());
    assertThat(heartbeats).isEqualTo(3);
  }

  @Test
  void aMessageThatTellsItNeedsNoOther() {
    news.sending(message(7, 7).build());

    assertThat(heartbeats).isEqualTo(1);
  }

  /** More entries follow; a heartbeat now would keep them back, again and again. */
  @Test
  void whoHasNotGotTheEntryIsSentThatFirst() {
    news.sending(message(3, 3).build());
    news.sending(message(5, 3).addEntries(LogEntryProto.newBuilder().setIndex(5)).build());

    assertThat(heartbeats).isEqualTo(1);
  }
}
