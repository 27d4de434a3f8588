package io.funes.server.metadata.raft;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.leader.LogAppender;
import org.apache.ratis.server.raftlog.RaftLog;

/**
 * Has a leader tell its followers at once what is committed. Ratis 3.3.0 lets that wait for the
 * next entry or heartbeat: brokers would learn who leads a partition a quarter of a second late.
 */
final class CommitNews {
  private final Map<RaftPeerId, LogAppender> appenders = new ConcurrentHashMap<>();
  private volatile long committed = RaftLog.INVALID_LOG_INDEX;

  /** Ratis makes one for each follower whenever this broker begins to lead. */
  LogAppender tellThrough(LogAppender appender) {
    appenders.put(appender.getFollowerId(), appender);
    return appender;
  }

  /** Costs a message to each follower, unless entries are on their way to it anyway. */
  void committed(long index) {
    committed = index;
    appenders.values().forEach(LogAppender::triggerHeartbeat);
  }

  /**
   * Before each message: while Ratis made it, it may have been asked for a heartbeat, and forgets
   * that now. A message that does not reach what is committed is followed by another anyway.
   */
  void sending(AppendEntriesRequestProto message) {
    long known = committed;
    if (message.getLeaderCommit() < known && reach(message) >= known) {
      RaftPeerId follower = RaftPeerId.valueOf(message.getServerRequest().getReplyId());
      appenders.get(follower).triggerHeartbeat();
    }
  }

  /** The last entry that the follower has when it has taken the message. */
  private static long reach(AppendEntriesRequestProto message) {
    int entries = message.getEntriesCount();
    return entries > 0
        ? message.getEntries(entries - 1).getIndex()
        : message.getPreviousLog().getIndex();
  }
}
