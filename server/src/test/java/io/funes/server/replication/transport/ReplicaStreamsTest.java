package io.funes.server.replication.transport;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.funes.proto.internal.v1.ReplicateRequest;
import io.funes.proto.internal.v1.ReplicateResponse;
import io.funes.proto.internal.v1.ReplicationServiceGrpc;
import io.funes.server.common.PartitionId;
import io.funes.server.common.TopicId;
import io.funes.server.replication.ReplicaChannel;
import io.funes.server.replication.ReplicaFrame.Acknowledge;
import io.funes.server.replication.ReplicaFrame.Follow;
import io.funes.server.replication.ReplicaFrame.NotLeader;
import io.funes.server.replication.ReplicaFrame.Push;
import io.grpc.ConnectivityState;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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
import org.slf4j.LoggerFactory;

/** Broker 2 opens streams to broker 1, over a socket. */
@Timeout(60)
class ReplicaStreamsTest {
  private static final UUID CLUSTER = new UUID(1, 2);
  private static final PartitionId ID = new PartitionId(new TopicId(new UUID(3, 4)), 0);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final LinkedBlockingQueue<Accepted> accepted = new LinkedBlockingQueue<>();
  private final List<ManagedChannel> connections = new ArrayList<>();
  private final CountDownLatch goOn = new CountDownLatch(1);
  private Server server;
  private GrpcReplicaConnector connector;

  private record Accepted(int followerId, long brokerEpoch, ReplicaChannel channel, Heard heard) {}

  @BeforeEach
  void start() throws IOException {
    server = serve();
    connector = connector(CLUSTER, Optional.of(address()));
  }

  @AfterEach
  void stop() throws InterruptedException {
    goOn.countDown();
    connector.close();
    for (ManagedChannel connection : connections) {
      connection.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
    }
    server.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
    threads.shutdown();
    assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
  }

  private Server serve() throws IOException {
    NettyServerBuilder listener =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .executor(threads)
            .addService(new GrpcReplicaService(this::accept, CLUSTER, 1));
    ConnectionProbes.add(listener);
    return listener.build().start();
  }

  private Heard accept(int followerId, long brokerEpoch, ReplicaChannel channel) {
    Heard heard = new Heard();
    accepted.add(new Accepted(followerId, brokerEpoch, channel, heard));
    return heard;
  }

  private GrpcReplicaConnector connector(UUID cluster, Optional<String> address) {
    return new GrpcReplicaConnector(cluster, 2, () -> 17, _ -> address, this::connect);
  }

  private ManagedChannel connect(String address) {
    ManagedChannel connection =
        new ReplicaConnections(InsecureChannelCredentials.create()).apply(address);
    connections.add(connection);
    return connection;
  }

  private String address() {
    return "127.0.0.1:" + server.getPort();
  }

  private static Push push(long highWatermark, int bytes) {
    return new Push(ID, 5, highWatermark, ByteBuffer.allocate(bytes));
  }

  @Test
  void connectionStandsBeforeThereIsAStream() throws Exception {
    connector.prepare(1);
    ManagedChannel connection = connections.getFirst();
    for (ConnectivityState state = connection.getState(false);
        state != ConnectivityState.READY;
        state = connection.getState(false)) {
      CountDownLatch changed = new CountDownLatch(1);
      connection.notifyWhenStateChanged(state, changed::countDown);
      assertThat(changed.await(20, TimeUnit.SECONDS)).as("%s, and not READY", state).isTrue();
    }
    assertThat(accepted).isEmpty();
  }

  @Test
  void framesGoBothWaysInTheirOrder() throws Exception {
    Heard heard = new Heard();
    ReplicaChannel follower = connector.connect(1, heard);
    follower.send(new Follow(ID, 5, 10, 4));
    follower.send(new Acknowledge(ID, 5, 10));

    Accepted leader = accepted.take();
    assertThat(leader.followerId()).isEqualTo(2);
    assertThat(leader.brokerEpoch()).isEqualTo(17);
    assertThat(leader.heard().next()).isEqualTo(new Follow(ID, 5, 10, 4));
    assertThat(leader.heard().next()).isEqualTo(new Acknowledge(ID, 5, 10));
    for (int i = 0; i < 100; i++) {
      leader.channel().send(push(i, i));
    }

    for (int i = 0; i < 100; i++) {
      assertThat(heard.next()).isEqualTo(push(i, i));
    }
  }

  @Test
  void largestBatchOfAClientPasses() throws Exception {
    Heard heard = new Heard();
    connector.connect(1, heard);

    accepted.take().channel().send(push(0, 4 << 20));

    assertThat(((Push) heard.next()).entries().remaining()).isEqualTo(4 << 20);
  }

  @Test
  void receiverThatDoesNotReturnGetsNothingMoreAndHoldsTheSenderBack() throws Exception {
    Heard stuck = new Heard(goOn);
    connector.connect(1, stuck);
    Accepted sender = accepted.take();
    Heard beside = new Heard();
    ReplicaChannel besideFollower = connector.connect(1, beside);
    Accepted besideLeader = accepted.take();

    int sent = 0;
    while (sent < 64 && soonReady(sender.channel(), besideLeader, beside, besideFollower)) {
      sender.channel().send(push(sent++, 1 << 20));
    }

    assertThat(sent).as("pushes of 1 MiB that left").isBetween(2, 63);
    assertThat(stuck.next()).isEqualTo(push(0, 1 << 20));
    assertThat(stuck.frames).isEmpty();
    sender.heard().readies.clear();
    goOn.countDown();
    assertThat(sender.heard().nextReady()).isNotNull();
    for (int i = 1; i < sent; i++) {
      assertThat(stuck.next()).isEqualTo(push(i, 1 << 20));
    }
  }

  /**
   * Whether the sender gets ready while frames go to and fro beside it: what left before them on
   * the same connection has come to the follower's broker when they have.
   */
  private static boolean soonReady(
      ReplicaChannel sender, Accepted leader, Heard beside, ReplicaChannel follower)
      throws InterruptedException {
    for (int i = 0; i < 5 && !sender.isReady(); i++) {
      leader.channel().send(new NotLeader(ID, 5));
      assertThat(beside.next()).isNotNull();
      follower.send(new Acknowledge(ID, 5, 1));
      assertThat(leader.heard().next()).isNotNull();
    }
    return sender.isReady();
  }

  @Test
  void bothEndsHearOnceThatTheStreamBroke() throws Exception {
    Heard heard = new Heard();
    ReplicaChannel follower = connector.connect(1, heard);
    Accepted leader = accepted.take();

    server.shutdownNow();

    assertThat(heard.end()).isNotNull();
    assertThat(leader.heard().end()).isNotNull();
    follower.send(new Acknowledge(ID, 5, 10));
    leader.channel().send(push(0, 1));
    follower.close();
    leader.channel().close();
    stop();
    assertThat(heard.ends).isEmpty();
    assertThat(leader.heard().ends).isEmpty();
  }

  /** gRPC ends the stream then. */
  @Test
  void bothEndsHearOfTheEndWhereWhatAFrameLedToHasThrown() throws Exception {
    Heard heard = new Heard();
    ReplicaChannel follower = connector.connect(1, heard);
    Accepted leader = accepted.take();
    leader.heard().bug = new IllegalStateException("a bug of the broker");

    follower.send(new Follow(ID, 5, 10, 4));

    assertThat(heard.end()).isNotNull();
    assertThat(leader.heard().end()).isNotNull();
    assertThat(leader.channel().isReady()).isFalse();
  }

  @Test
  void streamThatBreaksIsOneLineInTheLog() throws Exception {
    Logger log = (Logger) LoggerFactory.getLogger(FollowerEnd.class);
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    log.addAppender(logged);
    log.setLevel(Level.INFO);
    try {
      Heard heard = new Heard();
      connector.connect(1, heard);
      accepted.take().channel().send(push(0, 1));
      assertThat(heard.next()).isNotNull();

      server.shutdownNow();
      assertThat(heard.end()).isNotNull();
      Heard again = new Heard();
      connector.connect(1, again);
      assertThat(again.end()).isNotNull();

      assertThat(logged.list)
          .singleElement()
          .extracting(ILoggingEvent::getFormattedMessage)
          .asString()
          .startsWith("the stream to broker 1 broke: ")
          .hasLineCount(1);
    } finally {
      log.detachAppender(logged);
      log.setLevel(null);
    }
  }

  @Test
  void whoClosesHearsNothingAndTheOtherEndDoes() throws Exception {
    Heard first = new Heard();
    connector.connect(1, first).close();
    Heard second = new Heard();
    ReplicaChannel secondFollower = connector.connect(1, second);
    secondFollower.send(new Follow(ID, 5, 10, 4));
    Accepted secondLeader = acceptedAndFollowed();
    Heard third = new Heard();
    ReplicaChannel thirdFollower = connector.connect(1, third);
    thirdFollower.send(new Follow(ID, 5, 10, 4));
    Accepted thirdLeader = acceptedAndFollowed();

    secondFollower.close();
    thirdLeader.channel().close();

    assertThat(secondLeader.heard().end()).isNotNull();
    assertThat(third.end()).isNotNull();
    secondLeader.channel().send(push(0, 1));
    stop();
    assertThat(first.ends).isEmpty();
    assertThat(second.ends).isEmpty();
    assertThat(second.frames).isEmpty();
    assertThat(thirdLeader.heard().ends).isEmpty();
  }

  /** The first stream may have come, or not. */
  private Accepted acceptedAndFollowed() throws InterruptedException {
    while (true) {
      Accepted next = accepted.take();
      if (next.heard().frames.poll(20, TimeUnit.SECONDS) != null) {
        return next;
      }
    }
  }

  @Test
  void streamToNobodyBreaksAfterItIsThere() throws Exception {
    GrpcReplicaConnector lost = connector(CLUSTER, Optional.empty());
    Heard heard = new Heard();
    ReplicaChannel channel = lost.connect(1, heard);
    channel.send(new Follow(ID, 5, 10, 4));

    assertThat(heard.end()).isNotNull().isNotSameAs(Thread.currentThread());
    assertThat(channel.isReady()).isFalse();
  }

  @Test
  void anotherClusterIsRefused() throws Exception {
    try (GrpcReplicaConnector stranger = connector(new UUID(9, 9), Optional.of(address()))) {
      Heard heard = new Heard();
      stranger.connect(1, heard);

      assertThat(heard.end()).isNotNull();
    }
    Status refused = refusal(hello(new UUID(9, 9), 1));
    assertThat(refused.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(refused.getDescription())
        .contains(CLUSTER.toString(), new UUID(9, 9).toString(), "broker 2");
    assertThat(accepted).isEmpty();
  }

  @Test
  void anotherBrokerIsRefused() throws Exception {
    Status refused = refusal(hello(CLUSTER, 3));

    assertThat(refused.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(refused.getDescription()).contains("this is broker 1, not broker 3");
    assertThat(accepted).isEmpty();
  }

  @Test
  void streamBeginsWithAHelloAndHasNoOther() throws Exception {
    Status nameless = refusal(FollowerFrames.toProto(new Acknowledge(ID, 5, 10)));
    Status twice = refusal(hello(CLUSTER, 1), hello(CLUSTER, 1));

    assertThat(nameless.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(nameless.getDescription()).contains("hello");
    assertThat(twice.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(accepted.take().heard().end()).isNotNull();
  }

  private static ReplicateRequest hello(UUID cluster, int leaderId) {
    ReplicateRequest.Hello.Builder hello =
        ReplicateRequest.Hello.newBuilder()
            .setClusterId(Uuids.toProto(cluster))
            .setBrokerId(2)
            .setBrokerEpoch(17)
            .setLeaderId(leaderId);
    return ReplicateRequest.newBuilder().setHello(hello).build();
  }

  /** With the generated stub, as anybody would. */
  private Status refusal(ReplicateRequest... said) throws Exception {
    CompletableFuture<Status> refused = new CompletableFuture<>();
    StreamObserver<ReplicateRequest> requests =
        ReplicationServiceGrpc.newStub(connect(address()))
            .replicate(
                new StreamObserver<ReplicateResponse>() {
                  @Override
                  public void onNext(ReplicateResponse response) {
                    refused.completeExceptionally(new AssertionError(response));
                  }

                  @Override
                  public void onError(Throwable error) {
                    refused.complete(Status.fromThrowable(error));
                  }

                  @Override
                  public void onCompleted() {
                    refused.completeExceptionally(new AssertionError("completed"));
                  }
                });
    for (ReplicateRequest request : said) {
      requests.onNext(request);
    }
    return refused.get(20, TimeUnit.SECONDS);
  }
}
