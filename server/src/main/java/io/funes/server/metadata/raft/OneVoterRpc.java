package io.funes.server.metadata.raft;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerRpc;
import org.apache.ratis.server.ServerFactory;

/**
 * The transport of a quorum of one: none. Ratis' own would open a port that anybody on the machine
 * may send Raft commands to, and takes a third of a second to load. Ratis makes it by its class
 * name, hence public.
 */
public final class OneVoterRpc implements RpcType {
  @Override
  public String name() {
    return getClass().getName();
  }

  @Override
  public ServerFactory newFactory(Parameters parameters) {
    return new Factory(this);
  }

  private record Factory(RpcType rpcType) implements ServerFactory {
    @Override
    public RpcType getRpcType() {
      return rpcType;
    }

    @Override
    public RaftServerRpc newRaftServerRpc(RaftServer server) {
      return new Rpc(rpcType);
    }
  }

  private record Rpc(RpcType rpcType) implements RaftServerRpc {
    @Override
    public RpcType getRpcType() {
      return rpcType;
    }

    @Override
    public void start() {}

    @Override
    public void close() {}

    /** None, which Ratis takes for a peer without an address. */
    @Override
    public InetSocketAddress getInetSocketAddress() {
      return null;
    }

    @Override
    public void addRaftPeers(Collection<RaftPeer> peers) {}

    @Override
    public void handleException(RaftPeerId serverId, Exception e, boolean reconnect) {}

    @Override
    public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
      throw nobodyThere();
    }

    @Override
    public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request)
        throws IOException {
      throw nobodyThere();
    }

    @Override
    public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request)
        throws IOException {
      throw nobodyThere();
    }

    @Override
    public StartLeaderElectionReplyProto startLeaderElection(
        StartLeaderElectionRequestProto request) throws IOException {
      throw nobodyThere();
    }

    private static IOException nobodyThere() {
      return new IOException("a quorum of one has nobody to call");
    }
  }
}
