package io.funes.server.controller.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.proto.internal.v1.ControllerServiceGrpc;
import io.funes.proto.internal.v1.HeartbeatRequest;
import io.funes.proto.internal.v1.HeartbeatResponse;
import io.funes.server.common.ThreadScheduler;
import io.funes.server.common.Ticker;
import io.funes.server.controller.BrokerLife;
import io.funes.server.controller.BrokerSession;
import io.funes.server.controller.BrokerSession.Standing;
import io.funes.server.controller.Controller;
import io.funes.server.controller.ControllerSettings;
import io.funes.server.controller.DeathWatch;
import io.funes.server.controller.Probe;
import io.funes.server.metadata.MetadataCommand;
import io.funes.server.metadata.MetadataCommand.RegisterBroker;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.MetadataStateMachine;
import io.funes.server.metadata.MetadataStateMachine.Step;
import io.funes.server.metadata.Outcome;
import io.funes.server.metadata.transport.InternalConnections;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Brokers 1, the controller, and 2, each with its listener; sessions are as long as by default. */
@Timeout(30)
class HeartbeatsOverSocketsTest {
  private static final ControllerSettings SETTINGS = ControllerSettings.DEFAULT;

  private final Ticker ticker = Ticker.system();
  private final ThreadScheduler scheduler = new ThreadScheduler("controller", 1);
  private final ExecutorService dialling = Executors.newVirtualThreadPerTaskExecutor();
  private final Probe probe = new SocketProbe(dialling);
  private final List<Node> nodes = new ArrayList<>();
  private final BlockingQueue<Integer> deaths = new LinkedBlockingQueue<>();
  private volatile MetadataImage image = MetadataImage.EMPTY;
  private final Controller controller =
      new Controller(SETTINGS, () -> image, this::submit, probe, scheduler, ticker);
  private Node first;
  private Node second;

  @BeforeEach
  void start() throws Exception {
    first = new Node(1);
    second = new Node(2);
    controller.leading(1, Optional.empty());
    first.await(false);
    second.await(false);
  }

  @AfterEach
  void close() {
    controller.close();
    nodes.forEach(node -> node.session.close());
    nodes.forEach(Node::kill);
    scheduler.close();
    dialling.shutdownNow();
  }

  @Test
  void killedBrokerIsFencedAtOnce() throws Exception {
    long killedNanos = ticker.nanos();
    second.kill();

    second.await(true);

    assertThat(ticker.nanos() - killedNanos)
        .isLessThan(TimeUnit.MILLISECONDS.toNanos(SETTINGS.sessionMs() / 2));
    assertThat(first.fenced()).isFalse();
  }

  @Test
  void killedControllerIsNoticedByTheOthers() throws Exception {
    first.kill();

    assertThat(deaths.take()).isEqualTo(1);
    assertThat(second.fenced()).isFalse();
  }

  @Test
  void silentBrokerIsFencedWhenItsSessionTimesOut() throws Exception {
    second.heard.await();
    long silentNanos = ticker.nanos();
    second.fallSilent();

    second.await(true);

    long leastMs = SETTINGS.sessionMs() - SETTINGS.beatMs() - SETTINGS.tickMs();
    assertThat(ticker.nanos() - silentNanos).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(leastMs));
    assertThat(first.fenced()).isFalse();
  }

  @Test
  void brokerThatLostItsConnectionAndListensStillComesBack() throws Exception {
    second.session.close();
    BrokerSession again = second.open();

    again.start();
    again.shutDown().get(10, TimeUnit.SECONDS);

    assertThat(second.fenced()).isFalse();
  }

  @Test
  void whoIsNotTheControllerRefusesTheStream() throws Exception {
    controller.following();
    CompletableFuture<Status> ended = new CompletableFuture<>();
    ManagedChannel channel = InternalConnections.plain().apply(first.address());
    try {
      StreamObserver<HeartbeatRequest> requests =
          ControllerServiceGrpc.newStub(channel).heartbeat(new Ending(ended));
      requests.onNext(HeartbeatRequest.newBuilder().setBrokerId(2).build());

      Status status = ended.get(10, TimeUnit.SECONDS);
      assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(status.getDescription()).contains("not the controller");
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void streamOfTwoBrokersIsRefused() throws Exception {
    CompletableFuture<Status> ended = new CompletableFuture<>();
    ManagedChannel channel = InternalConnections.plain().apply(first.address());
    try {
      StreamObserver<HeartbeatRequest> requests =
          ControllerServiceGrpc.newStub(channel).heartbeat(new Ending(ended));
      requests.onNext(HeartbeatRequest.newBuilder().setBrokerId(8).build());
      requests.onNext(HeartbeatRequest.newBuilder().setBrokerId(9).build());

      assertThat(ended.get(10, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void dialTellsWhoListens() throws Exception {
    assertThat(probe.dial(second.address()).get()).isEqualTo(Probe.Answer.REACHED);
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    assertThat(probe.dial("127.0.0.1:" + free).get()).isEqualTo(Probe.Answer.REFUSED);
    assertThat(probe.dial("no-such-host.invalid:1943").get()).isEqualTo(Probe.Answer.UNKNOWN);
    assertThat(probe.dial("nonsense").get()).isEqualTo(Probe.Answer.UNKNOWN);
  }

  private CompletableFuture<Outcome> submit(MetadataCommand command, long term) {
    return CompletableFuture.completedFuture(apply(command));
  }

  private synchronized Outcome apply(MetadataCommand command) {
    Step step = MetadataStateMachine.apply(image, command);
    image = step.image();
    notifyAll();
    return step.outcome();
  }

  private synchronized void await(int brokerId, boolean fenced) throws InterruptedException {
    while (image.broker(brokerId).orElseThrow().fenced() != fenced) {
      wait();
    }
  }

  private record Ending(CompletableFuture<Status> ended)
      implements StreamObserver<HeartbeatResponse> {
    @Override
    public void onNext(HeartbeatResponse response) {
      // Only the end counts.
    }

    @Override
    public void onError(Throwable error) {
      ended.complete(Status.fromThrowable(error));
    }

    @Override
    public void onCompleted() {
      ended.complete(Status.OK);
    }
  }

  private final class Node {
    private final int id;
    private final Server server;
    private final ThreadScheduler beats;
    private final CountDownLatch heard = new CountDownLatch(1);
    private final BrokerSession session;

    Node(int id) throws IOException {
      this.id = id;
      server =
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .directExecutor()
              .addService(new ControllerGrpcService(controller))
              .build()
              .start();
      beats = new ThreadScheduler("beats-" + id, 1);
      apply(
              new RegisterBroker(
                  id, new UUID(id, 0), "", address(), Optional.empty(), Optional.empty(), true))
          .orThrow();
      session = open();
      nodes.add(this);
      session.start();
    }

    BrokerSession open() {
      return new BrokerSession(
          new BrokerLife(id, image.broker(id).orElseThrow().epoch()),
          () -> image,
          () -> Optional.of(1),
          new DeathWatch(new GrpcHeartbeatChannel(InternalConnections.plain()), probe, deaths::add),
          this::become,
          SETTINGS,
          beats,
          ticker);
    }

    private void become(Standing standing) {
      if (standing == Standing.SERVING) {
        heard.countDown();
      }
    }

    String address() {
      return "127.0.0.1:" + server.getPort();
    }

    boolean fenced() {
      return image.broker(id).orElseThrow().fenced();
    }

    void await(boolean fenced) throws InterruptedException {
      HeartbeatsOverSocketsTest.this.await(id, fenced);
    }

    /** All its sockets close, as when a process ends. */
    void kill() {
      server.shutdownNow();
      session.close();
      beats.close();
    }

    /** The connection stays, as when a process is stopped. */
    void fallSilent() {
      beats.close();
    }
  }
}
