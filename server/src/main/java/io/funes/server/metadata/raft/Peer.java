package io.funes.server.metadata.raft;

import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;

/**
 * A broker of the quorum.
 *
 * @param address HOST:PORT of its internal listener; empty where it has none, being alone
 */
public record Peer(int nodeId, String address) {
  private static final String PREFIX = "broker-";

  static RaftPeerId id(int nodeId) {
    return RaftPeerId.valueOf(PREFIX + nodeId);
  }

  static int nodeId(RaftPeerId id) {
    return Integer.parseInt(id.toString().substring(PREFIX.length()));
  }

  static Peer of(RaftPeer peer) {
    return new Peer(nodeId(peer.getId()), peer.getAddress() == null ? "" : peer.getAddress());
  }

  RaftPeer.Builder toRatis() {
    return RaftPeer.newBuilder().setId(id(nodeId)).setAddress(address);
  }
}
