package io.funes.server.metadata.raft;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.LeaderElectionManagementRequest;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a voter that became a listener from standing for election. Ratis 3.3.0 lets it, finds that
 * it may not, and stops it.
 */
final class ElectionPause {
  private static final Logger log = LoggerFactory.getLogger(ElectionPause.class);

  private final Members members;
  private final ClientId clientId = ClientId.randomId();
  private final AtomicLong callIds = new AtomicLong();
  private boolean paused;

  ElectionPause(Members members) {
    this.members = members;
  }

  /** Called by the one thread that applies the log. */
  void apply(RaftConfigurationProto configuration) {
    boolean listener =
        contains(configuration.getListenersList()) && !contains(configuration.getPeersList());
    if (listener == paused) {
      return;
    }
    RaftServer server = members.server();
    long callId = callIds.incrementAndGet();
    try {
      var _ =
          server.leaderElectionManagementAsync(
              listener
                  ? LeaderElectionManagementRequest.newPause(
                      clientId, server.getId(), members.groupId(), callId)
                  : LeaderElectionManagementRequest.newResume(
                      clientId, server.getId(), members.groupId(), callId));
      paused = listener;
    } catch (RuntimeException e) {
      log.warn("Elections could not be {}", listener ? "paused" : "resumed", e);
    }
  }

  private boolean contains(List<RaftPeerProto> peers) {
    return peers.stream()
        .anyMatch(peer -> RaftPeerId.valueOf(peer.getId()).equals(members.server().getId()));
  }
}
