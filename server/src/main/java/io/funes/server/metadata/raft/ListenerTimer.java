package io.funes.server.metadata.raft;

import java.io.IOException;
import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.server.RaftServer;

/**
 * Stops a listener's election timer before the entry that makes a voter of it is taken. Ratis 3.3.0
 * does so while it takes the entry: it waits for the timer's thread and holds a lock that this
 * thread needs where its time has just come, and both wait for good.
 *
 * <p>By reflection, since Ratis keeps its timers to itself. One that is stopped already is no
 * matter to it, and it starts another for the voter.
 */
final class ListenerTimer {
  private final Members members;
  private final Method role;
  private final Method stop;

  ListenerTimer(Members members) {
    this.members = members;
    try {
      ClassLoader ratis = RaftServer.class.getClassLoader();
      String inside = "org.apache.ratis.server.impl.";
      role = Class.forName(inside + "RaftServerImpl", false, ratis).getDeclaredMethod("getRole");
      role.setAccessible(true);
      stop =
          Class.forName(inside + "RoleInfo", false, ratis)
              .getDeclaredMethod("shutdownFollowerState");
      stop.setAccessible(true);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this is not the Ratis that ListenerTimer was made for", e);
    }
  }

  /** Returns when the thread has ended, if the entries make a voter of this broker. */
  void before(AppendEntriesRequestProto request) throws IOException {
    if (request.getEntriesCount() == 0 || !members.division().getInfo().isListener()) {
      return;
    }
    if (request.getEntriesList().stream().anyMatch(this::promotes)) {
      try {
        ((CompletableFuture<?>) stop.invoke(role.invoke(members.division()))).join();
      } catch (ReflectiveOperationException e) {
        throw new IOException(e);
      }
    }
  }

  private boolean promotes(LogEntryProto entry) {
    return entry.getConfigurationEntry().getPeersList().stream()
        .map(RaftPeerProto::getId)
        .anyMatch(members.server().getId().toByteString()::equals);
  }
}
