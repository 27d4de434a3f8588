package io.funes.server.metadata.raft;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftConfiguration;

/** Voters and listeners by node id. */
record Membership(Map<Integer, Peer> voters, Map<Integer, Peer> listeners) {
  Membership {
    voters = Map.copyOf(voters);
    listeners = Map.copyOf(listeners);
  }

  static Membership of(RaftConfiguration configuration) {
    return new Membership(
        byId(configuration.getCurrentPeers(RaftPeerRole.FOLLOWER)),
        byId(configuration.getCurrentPeers(RaftPeerRole.LISTENER)));
  }

  boolean has(int nodeId) {
    return voters.containsKey(nodeId) || listeners.containsKey(nodeId);
  }

  Membership withVoter(Peer peer) {
    Membership others = without(peer.nodeId());
    return new Membership(with(others.voters, peer), others.listeners);
  }

  Membership withListener(Peer peer) {
    Membership others = without(peer.nodeId());
    return new Membership(others.voters, with(others.listeners, peer));
  }

  Membership without(int nodeId) {
    return new Membership(minus(voters, nodeId), minus(listeners, nodeId));
  }

  List<String> addresses() {
    return Stream.of(voters, listeners)
        .flatMap(peers -> peers.values().stream())
        .map(Peer::address)
        .filter(address -> !address.isEmpty())
        .toList();
  }

  /** The same one at another address. */
  Membership at(Peer peer) {
    return voters.containsKey(peer.nodeId())
        ? withVoter(peer)
        : listeners.containsKey(peer.nodeId()) ? withListener(peer) : this;
  }

  boolean sameIds(Membership other) {
    return voters.keySet().equals(other.voters.keySet())
        && listeners.keySet().equals(other.listeners.keySet());
  }

  List<RaftPeer> ratisVoters(int priority) {
    return ratis(voters, priority);
  }

  List<RaftPeer> ratisListeners(int priority) {
    return ratis(listeners, priority);
  }

  private static List<RaftPeer> ratis(Map<Integer, Peer> peers, int priority) {
    return peers.values().stream()
        .map(peer -> peer.toRatis().setPriority(priority).build())
        .toList();
  }

  private static Map<Integer, Peer> byId(Collection<RaftPeer> peers) {
    Map<Integer, Peer> byId = new TreeMap<>();
    peers.forEach(peer -> byId.put(Peer.nodeId(peer.getId()), Peer.of(peer)));
    return byId;
  }

  private static Map<Integer, Peer> with(Map<Integer, Peer> peers, Peer peer) {
    Map<Integer, Peer> more = new TreeMap<>(peers);
    more.put(peer.nodeId(), peer);
    return more;
  }

  private static Map<Integer, Peer> minus(Map<Integer, Peer> peers, int nodeId) {
    Map<Integer, Peer> fewer = new TreeMap<>(peers);
    fewer.remove(nodeId);
    return fewer;
  }
}
