package io.funes.server.replication.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.PartitionId;
import io.funes.server.common.Refusal;
import io.funes.server.common.ThreadScheduler;
import io.funes.server.common.Ticker;
import io.funes.server.log.LogSlice;
import io.funes.server.log.file.ChannelSegmentFiles;
import io.funes.server.metadata.Commands;
import io.funes.server.metadata.MetadataCommand.CreateTopic;
import io.funes.server.metadata.MetadataCommand.FenceBroker;
import io.funes.server.metadata.TopicImage;
import io.funes.server.replication.Acks;
import io.funes.server.replication.AppendCallback;
import io.funes.server.replication.AppendTerms;
import io.funes.server.replication.LeaderPartition;
import io.funes.server.replication.PartitionTable;
import io.funes.server.testing.MemoryMetadataLog;
import io.funes.server.testing.TestBatch;
import io.funes.server.testing.TestEnvironment;
import io.grpc.InsecureChannelCredentials;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two brokers' partition tables, one topic on both of them, real sockets and disks. */
@Timeout(60)
class GrpcReplicationTest {
  private static final UUID CLUSTER = new UUID(1, 2);
  private static final AppendTerms ALL = new AppendTerms(Acks.ALL, AppendTerms.ANY_OFFSET, false);
  private static final int PUSH_BYTES_MAX = 1 << 20;

  @TempDir private Path folder;
  private final MemoryMetadataLog metadata = new MemoryMetadataLog();
  private final Map<Integer, String> addresses = new ConcurrentHashMap<>();
  private final Map<Integer, Broker> brokers = new ConcurrentHashMap<>();
  private final ExecutorService streams = Executors.newCachedThreadPool();
  private PartitionId partition;
  private int leader;
  private int follower;

  @BeforeEach
  void start() throws Exception {
    for (int id = 1; id <= 2; id++) {
      metadata.submit(Commands.register(id)).get().orThrow();
      brokers.put(id, new Broker(id));
    }
    CreateTopic create = Commands.create("orders", 1, 2, Map.of());
    metadata.submit(create).get().orThrow();
    TopicImage topic = metadata.image().topic(create.name()).orElseThrow();
    partition = topic.partitionId(0);
    leader = topic.partitions().get(0).leaderId();
    follower = 3 - leader;
  }

  @AfterEach
  void stop() throws Exception {
    for (Broker broker : brokers.values()) {
      broker.stop();
    }
    streams.shutdown();
    assertThat(streams.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void followerHasAllThatWasAcknowledged() throws Exception {
    List<CompletableFuture<Long>> appends = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      appends.add(append(TestBatch.of(1, 700_000)));
    }
    appends.add(append(TestBatch.of("the last")));
    assertThat(appends).allSatisfy(it -> assertThat(it).succeedsWithin(20, TimeUnit.SECONDS));
    ByteBuffer acknowledged = everything(leader);

    metadata.submit(new FenceBroker(leader, epoch(leader))).get().orThrow();

    assertThat(everything(follower)).isEqualTo(acknowledged);
  }

  @Test
  void followerFindsALeaderThatComesBackElsewhere() throws Exception {
    append(TestBatch.of("before")).get(20, TimeUnit.SECONDS);

    brokers.get(leader).cutOff();
    CompletableFuture<Long> append = append(TestBatch.of("between"));
    assertThat(append).isNotDone();
    brokers.get(leader).listen();

    assertThat(append.get(20, TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(append(TestBatch.of("after")).get(20, TimeUnit.SECONDS)).isEqualTo(2);
  }

  @Test
  void followerWaitsForALeaderWhoseAddressItDoesNotKnowYet() throws Exception {
    brokers.get(leader).cutOff();
    addresses.remove(leader);
    CompletableFuture<Long> append = append(TestBatch.of("early"));
    brokers.get(leader).listen();

    assertThat(append.get(20, TimeUnit.SECONDS)).isZero();
  }

  private CompletableFuture<Long> append(TestBatch batch) {
    CompletableFuture<Long> answer = new CompletableFuture<>();
    leader(leader)
        .append(
            batch.entry(),
            ALL,
            new AppendCallback() {
              @Override
              public void appended(
                  long baseOffset, long lastOffset, long appendTimeMs, boolean deduplicated) {
                answer.complete(baseOffset);
              }

              @Override
              public void refused(Refusal refusal) {
                answer.completeExceptionally(refusal.exception());
              }
            });
    return answer;
  }

  private LeaderPartition leader(int id) {
    return brokers.get(id).table.leader(partition).orElseThrow();
  }

  private ByteBuffer everything(int id) throws IOException {
    try (LogSlice slice = leader(id).read(0, 100 << 20, Long.MAX_VALUE)) {
      assertThat(slice.recordCount()).isEqualTo(9);
      return slice.bytes();
    }
  }

  private long epoch(int id) {
    return metadata.image().broker(id).orElseThrow().epoch();
  }

  private final class Broker {
    private final int id;
    private final ThreadScheduler threads = new ThreadScheduler("test-work", 2);
    private final GrpcReplicaConnector connector;
    private final PartitionTable table;
    private Server server;

    Broker(int id) throws IOException {
      this.id = id;
      connector =
          new GrpcReplicaConnector(
              CLUSTER,
              id,
              () -> epoch(id),
              other -> Optional.ofNullable(addresses.get(other)),
              new ReplicaConnections(InsecureChannelCredentials.create()));
      TestEnvironment environment =
          TestEnvironment.of(Ticker.system(), threads)
              .brokerId(id)
              .disk(new ChannelSegmentFiles())
              .pushBytesMax(PUSH_BYTES_MAX)
              .others(connector);
      table = environment.table(folder.resolve(String.valueOf(id)));
      listen();
      metadata.subscribe(table);
    }

    /** On another port than ever before. */
    void listen() throws IOException {
      NettyServerBuilder listener =
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .executor(streams)
              .addService(new GrpcReplicaService(table.feeds(), CLUSTER, id));
      ConnectionProbes.add(listener);
      server = listener.build().start();
      addresses.put(id, "127.0.0.1:" + server.getPort());
    }

    void cutOff() throws InterruptedException {
      assertThat(server.shutdownNow().awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    void stop() throws InterruptedException {
      table.close(Refusal.of(ErrorCode.BROKER_UNAVAILABLE, "the test is over"));
      connector.close();
      cutOff();
      threads.close();
    }
  }
}
