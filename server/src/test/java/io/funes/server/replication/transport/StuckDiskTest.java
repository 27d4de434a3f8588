package io.funes.server.replication.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.proto.internal.v1.ControllerServiceGrpc;
import io.funes.proto.internal.v1.HeartbeatRequest;
import io.funes.proto.internal.v1.HeartbeatResponse;
import io.funes.server.common.PartitionId;
import io.funes.server.common.ThreadScheduler;
import io.funes.server.common.Ticker;
import io.funes.server.common.TopicId;
import io.funes.server.controller.Controller;
import io.funes.server.controller.ControllerSettings;
import io.funes.server.controller.transport.ControllerGrpcService;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.raft.RaftCall;
import io.funes.server.metadata.transport.GrpcRaftChannel;
import io.funes.server.metadata.transport.InternalConnections;
import io.funes.server.metadata.transport.RaftGrpcService;
import io.funes.server.replication.ReplicaChannel;
import io.funes.server.replication.ReplicaFrame;
import io.funes.server.replication.ReplicaFrame.Push;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Broker 2 follows in as many streams as there are processors, and its disk hangs. What a broker
 * serves on virtual threads goes on: these share as many threads as there are processors, and a
 * file's reader or writer does not give its one back.
 */
@Timeout(60)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no pipes among its files")
class StuckDiskTest {
  private static final UUID CLUSTER = new UUID(1, 2);
  private static final PartitionId ID = new PartitionId(new TopicId(new UUID(3, 4)), 0);
  private static final int STREAMS = Math.max(2, Runtime.getRuntime().availableProcessors());

  @TempDir private Path folder;
  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
  private final ThreadScheduler scheduler = new ThreadScheduler("test-work", 1);
  private final LinkedBlockingQueue<ReplicaChannel> accepted = new LinkedBlockingQueue<>();
  private final Semaphore stuck = new Semaphore(0);
  private final Semaphore done = new Semaphore(0);
  private final List<FileChannel> disks = new ArrayList<>();
  private final GrpcRaftChannel raft = new GrpcRaftChannel(InternalConnections.plain());
  private FileChannel pipe;
  private ManagedChannel heartbeats;
  private Server server;
  private GrpcReplicaConnector connector;

  /** Hangs as if in a write: a read from an empty pipe holds its thread in the same way. */
  private final class Follower implements ReplicaChannel.Receiver {
    private final FileChannel disk;

    Follower(FileChannel disk) {
      this.disk = disk;
    }

    @Override
    public void received(ReplicaFrame frame) {
      stuck.release();
      try {
        assertThat(disk.read(ByteBuffer.allocate(1))).isEqualTo(1);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      done.release();
    }

    @Override
    public void ready() {}

    @Override
    public void closed() {}
  }

  @BeforeEach
  void start() throws Exception {
    Controller nobody =
        new Controller(
            ControllerSettings.DEFAULT,
            () -> MetadataImage.EMPTY,
            (_, _) -> new CompletableFuture<>(),
            _ -> new CompletableFuture<>(),
            scheduler,
            Ticker.system());
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .executor(calls)
            .addService(
                new RaftGrpcService((_, body) -> CompletableFuture.completedFuture(body), calls))
            .addService(new ControllerGrpcService(nobody))
            .addService(new GrpcReplicaService(this::accept, CLUSTER, 1))
            .build()
            .start();
    connector =
        new GrpcReplicaConnector(
            CLUSTER,
            2,
            () -> 17,
            _ -> Optional.of(address()),
            new ReplicaConnections(InsecureChannelCredentials.create()));
    heartbeats = InternalConnections.plain().apply(address());
    Path path = folder.resolve("disk");
    assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
    pipe = open(path);
    for (int i = 0; i < STREAMS; i++) {
      disks.add(open(path));
    }
  }

  private static FileChannel open(Path path) throws IOException {
    return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  @AfterEach
  void stop() throws Exception {
    pipe.write(ByteBuffer.allocate(STREAMS));
    assertThat(done.tryAcquire(STREAMS, 20, TimeUnit.SECONDS)).as("all went on").isTrue();
    connector.close();
    raft.close();
    heartbeats.shutdownNow();
    server.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
    calls.close();
    scheduler.close();
    pipe.close();
    for (FileChannel disk : disks) {
      disk.close();
    }
  }

  private ReplicaChannel.Receiver accept(int followerId, long brokerEpoch, ReplicaChannel channel) {
    accepted.add(channel);
    return new Heard();
  }

  private String address() {
    return "127.0.0.1:" + server.getPort();
  }

  @Test
  void raftAndHeartbeatsDoNotWaitForTheDiskOfFollowers() throws Exception {
    List<ReplicaChannel> leaders = new ArrayList<>();
    for (FileChannel disk : disks) {
      connector.connect(1, new Follower(disk));
      leaders.add(accepted.take());
    }
    leaders.forEach(leader -> leader.send(new Push(ID, 5, 0, ByteBuffer.allocate(1))));
    assertThat(stuck.tryAcquire(2, 20, TimeUnit.SECONDS)).isTrue();

    for (int i = 0; i < 20; i++) {
      byte[] body = {(byte) i};
      assertThat(raft.call(address(), RaftCall.COMMITTED, body, 5_000).get()).isEqualTo(body);
      CompletableFuture<HeartbeatResponse> answer = new CompletableFuture<>();
      heartbeat(answer);
      assertThatThrownBy(() -> answer.get(5, TimeUnit.SECONDS))
          .hasMessageContaining("not the controller");
    }
  }

  private void heartbeat(CompletableFuture<HeartbeatResponse> answer) {
    ControllerServiceGrpc.newStub(heartbeats)
        .heartbeat(
            new StreamObserver<>() {
              @Override
              public void onNext(HeartbeatResponse response) {
                answer.complete(response);
              }

              @Override
              public void onError(Throwable error) {
                answer.completeExceptionally(error);
              }

              @Override
              public void onCompleted() {
                answer.completeExceptionally(new AssertionError("ended"));
              }
            })
        .onNext(HeartbeatRequest.newBuilder().setBrokerId(2).build());
  }
}
