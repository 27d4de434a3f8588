package io.funes.server.metadata.raft;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
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
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;

/**
 * Ratis' messages as calls of a {@link RaftChannel}: its own transport would open a second port,
 * and take a third of a second to load. Ratis makes it by its class name, hence public; the channel
 * comes as a parameter. The calls block, which Ratis' log appenders (one thread for each follower)
 * and elections are made for.
 */
public final class ChannelRpc implements RpcType {
  private static final String CHANNEL = "funes.raft.channel";
  private static final String TUNING = "funes.raft.tuning";
  private static final String NEWS = "funes.raft.news";
  private static final String REMOVAL = "funes.raft.removal";

  /**
   * @param removed called when the leader says that this broker is no member any more, before Ratis
   *     stops for it
   */
  static Parameters parameters(
      RaftChannel channel, RaftTuning tuning, CommitNews news, Runnable removed) {
    Parameters parameters = new Parameters();
    parameters.put(REMOVAL, removed, Runnable.class);
    parameters.put(NEWS, news, CommitNews.class);
    parameters.put(CHANNEL, channel, RaftChannel.class);
    parameters.put(TUNING, tuning, RaftTuning.class);
    return parameters;
  }

  @Override
  public String name() {
    return getClass().getName();
  }

  @Override
  public ServerFactory newFactory(Parameters parameters) {
    return new Factory(
        this,
        parameters.getNonNull(CHANNEL, RaftChannel.class),
        parameters.getNonNull(TUNING, RaftTuning.class),
        parameters.getNonNull(NEWS, CommitNews.class),
        parameters.getNonNull(REMOVAL, Runnable.class));
  }

  private record Factory(
      RpcType rpcType, RaftChannel channel, RaftTuning tuning, CommitNews news, Runnable removed)
      implements ServerFactory {
    @Override
    public RpcType getRpcType() {
      return rpcType;
    }

    @Override
    public RaftServerRpc newRaftServerRpc(RaftServer server) {
      return new Rpc(rpcType, channel, tuning, news, removed, server, new ConcurrentHashMap<>());
    }

    @Override
    public LogAppender newLogAppender(
        RaftServer.Division server, LeaderState state, FollowerInfo follower) {
      return news.tellThrough(LogAppender.newLogAppenderDefault(server, state, follower));
    }
  }

  /** Reported by Ratis again and again while a broker is down: without the trace that it prints. */
  private static final class Unreachable extends IOException {
    private static final long serialVersionUID = 1;

    Unreachable(String message) {
      super(message);
    }

    @Override
    public Throwable fillInStackTrace() {
      return this;
    }
  }

  private record Rpc(
      RpcType rpcType,
      RaftChannel channel,
      RaftTuning tuning,
      CommitNews news,
      Runnable removed,
      RaftServer server,
      Map<String, String> addresses)
      implements RaftServerRpc {
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

    /**
     * Ratis tells of every peer before it first calls it, also of those that it finds in its log.
     */
    @Override
    public void addRaftPeers(Collection<RaftPeer> peers) {
      for (RaftPeer peer : peers) {
        if (!peer.getId().equals(server.getId())) {
          RaftSettings.awaitOthers(server.getProperties());
          if (peer.getAddress() != null) {
            addresses.put(peer.getId().toString(), peer.getAddress());
          }
        }
      }
    }

    @Override
    public void handleException(RaftPeerId serverId, Exception e, boolean reconnect) {}

    @Override
    public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
      RequestVoteReplyProto reply =
          RequestVoteReplyProto.parseFrom(
              call(
                  RaftCall.REQUEST_VOTE,
                  request.getServerRequest(),
                  request.toByteArray(),
                  tuning.electionMaxMs()));
      if (reply.getShouldShutdown()) {
        removed.run();
      }
      return reply;
    }

    /** A leader that hears nothing for longer has to step down anyway. */
    @Override
    public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request)
        throws IOException {
      news.sending(request);
      return AppendEntriesReplyProto.parseFrom(
          call(
              RaftCall.APPEND_ENTRIES,
              request.getServerRequest(),
              request.toByteArray(),
              tuning.electionMaxMs()));
    }

    /** The last piece waits for the follower's disk. */
    @Override
    public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request)
        throws IOException {
      return InstallSnapshotReplyProto.parseFrom(
          call(
              RaftCall.INSTALL_SNAPSHOT,
              request.getServerRequest(),
              request.toByteArray(),
              10 * tuning.requestMs()));
    }

    @Override
    public StartLeaderElectionReplyProto startLeaderElection(
        StartLeaderElectionRequestProto request) throws IOException {
      return StartLeaderElectionReplyProto.parseFrom(
          call(
              RaftCall.START_ELECTION,
              request.getServerRequest(),
              request.toByteArray(),
              tuning.requestMs()));
    }

    private byte[] call(RaftCall kind, RaftRpcRequestProto header, byte[] body, long timeoutMs)
        throws IOException {
      String peer = header.getReplyId().toStringUtf8();
      String address = addresses.get(peer);
      if (address == null || address.isEmpty()) {
        throw new IOException("nobody knows the internal address of " + peer);
      }
      try {
        return channel.call(address, kind, body, timeoutMs).get();
      } catch (ExecutionException e) {
        throw new Unreachable("%s at %s: %s".formatted(peer, address, e.getCause().getMessage()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while " + peer + " was asked");
      }
    }
  }
}
