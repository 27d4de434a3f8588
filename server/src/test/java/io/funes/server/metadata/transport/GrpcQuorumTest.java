package io.funes.server.metadata.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.server.metadata.Commands;
import io.funes.server.metadata.raft.MemberChange;
import io.funes.server.metadata.raft.MemberChange.Kind;
import io.funes.server.metadata.raft.Peer;
import io.funes.server.metadata.raft.RaftCall;
import io.funes.server.metadata.raft.RaftConfig;
import io.funes.server.metadata.raft.RaftConfig.Start;
import io.funes.server.metadata.raft.RaftHandler;
import io.funes.server.metadata.raft.RaftTuning;
import io.funes.server.metadata.raft.RatisMetadataLog;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class GrpcQuorumTest {
  private static final RaftTuning QUICK =
      new RaftTuning(300, 600, 1_000, 20_000, 10_000, 4 << 20, 1_000, 1_024);

  @TempDir private Path parent;
  private final UUID clusterId = UUID.randomUUID();
  private final Map<Integer, Node> nodes = new TreeMap<>();
  private final Map<Integer, Integer> ports = new TreeMap<>();
  private final GrpcRaftChannel outside = new GrpcRaftChannel(InternalConnections.plain());

  @AfterEach
  void close() throws IOException {
    for (Node node : nodes.values()) {
      node.close();
    }
    outside.close();
  }

  @Test
  void threeVotersGoOnWhenTheLeaderIsGoneAndTakeItBack() throws Exception {
    Node founder = start(1, new Start.Found());
    founder.log.awaitReady(20_000);
    for (int id = 2; id <= 3; id++) {
      Node node = start(id, new Start.Join(List.of(address(1))));
      change(node, Kind.ADD_LISTENER, id);
      node.log.awaitReady(20_000);
      change(node, Kind.PROMOTE, id);
    }
    init(3, "billing");
    int leader = founder.log.quorum().leader().orElseThrow();

    nodes.remove(leader).close();
    int survivor = nodes.keySet().iterator().next();
    init(survivor, "without the leader");
    Node back = start(leader, new Start.Restart());

    back.log.awaitReady(20_000);
    assertThat(back.log.image()).isEqualTo(nodes.get(survivor).log.image());
    init(leader, "with all");
    assertThat(back.log.quorum().voters()).containsExactly(1, 2, 3);
  }

  @Test
  void callThatNobodyAnswersFailsAtOnceAndIsAnswerableLater() throws Exception {
    Node node = start(1, new Start.Found());
    node.log.awaitReady(20_000);
    String address = address(1);
    nodes.remove(1).close();

    assertThatThrownBy(() -> committed(address)).hasMessageContaining("UNAVAILABLE");
    start(1, new Start.Restart()).log.awaitReady(20_000);
    byte[] answer = null;
    while (answer == null) { // The test's timeout ends it.
      try {
        answer = committed(address);
      } catch (ExecutionException e) {
        assertThat(e).hasMessageContaining("UNAVAILABLE");
      }
    }
    assertThat(answer).isNotEmpty();
  }

  @Test
  void callThatCannotBeCarriedOutTellsWhy() throws Exception {
    start(2, new Start.Join(List.of()));

    assertThatThrownBy(() ->
            outside
                .call(address(2), RaftCall.APPEND_ENTRIES, new byte[0], 5_000)
                .get(10, TimeUnit.SECONDS))
        .cause()
        .isInstanceOf(IOException.class)
        .hasMessageContaining("UNAVAILABLE")
        .hasMessageContaining("was not invited");
  }

  private byte[] committed(String address) throws Exception {
    return outside.call(address, RaftCall.COMMITTED, new byte[0], 5_000).get(10, TimeUnit.SECONDS);
  }

  private void init(int id, String name) throws Exception {
    nodes.get(id).log.submit(Commands.init(name)).get(30, TimeUnit.SECONDS).orThrow();
  }

  private void change(Node node, Kind kind, int id) throws Exception {
    node.log
        .change(new MemberChange(kind, new Peer(id, address(id))), 20_000)
        .get(30, TimeUnit.SECONDS);
  }

  private String address(int id) {
    return "127.0.0.1:" + ports.get(id);
  }

  private Node start(int id, Start start) throws IOException {
    Node node = new Node(id, start);
    nodes.put(id, node);
    return node;
  }

  private final class Node {
    private final AtomicReference<RaftHandler> handler = new AtomicReference<>();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final GrpcRaftChannel channel = new GrpcRaftChannel(InternalConnections.plain());
    private final Server server;
    private final RatisMetadataLog log;
    private final List<Throwable> fatal = new ArrayList<>();

    Node(int id, Start start) throws IOException {
      RaftHandler late = (kind, body) -> handler.get().handle(kind, body);
      server =
          NettyServerBuilder.forAddress(
                  new InetSocketAddress(
                      InetAddress.getLoopbackAddress(), ports.getOrDefault(id, 0)))
              .directExecutor()
              .maxInboundMessageSize(RaftGrpcService.MESSAGE_BYTES_MAX)
              .permitKeepAliveTime(GrpcRaftChannel.KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
              .addService(new RaftGrpcService(late, executor))
              .build()
              .start();
      ports.put(id, server.getPort());
      RaftConfig config =
          new RaftConfig(
              parent.resolve(String.valueOf(id)),
              clusterId,
              new Peer(id, address(id)),
              start,
              QUICK);
      log = RatisMetadataLog.start(config, channel, fatal::add);
      handler.set(log.handler());
    }

    void close() throws IOException {
      server.shutdownNow();
      log.close();
      channel.close();
      executor.shutdownNow();
      assertThat(fatal).isEmpty();
    }
  }
}
