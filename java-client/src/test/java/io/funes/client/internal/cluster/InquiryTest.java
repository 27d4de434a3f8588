package io.funes.client.internal.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.proto.v1.GetMetadataRequest;
import io.funes.proto.v1.GetMetadataResponse;
import io.funes.proto.v1.MetadataServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class InquiryTest {
  private final List<Server> servers = new ArrayList<>();
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final BlockingQueue<Long> revisions = new LinkedBlockingQueue<>();
  private final BlockingQueue<Runnable> later = new LinkedBlockingQueue<>();
  private final BlockingQueue<StreamObserver<GetMetadataResponse>> unanswered =
      new LinkedBlockingQueue<>();
  private final Semaphore ends = new Semaphore(0);

  /** One that answers with this revision; with a negative one it does not answer. */
  private ManagedChannel broker(long revision) throws IOException {
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(
                new MetadataServiceGrpc.MetadataServiceImplBase() {
                  @Override
                  public void getMetadata(
                      GetMetadataRequest request, StreamObserver<GetMetadataResponse> answer) {
                    if (revision < 0) {
                      unanswered.add(answer);
                    } else {
                      answer(answer, revision);
                    }
                  }
                })
            .build()
            .start();
    servers.add(server);
    ManagedChannel channel =
        NettyChannelBuilder.forTarget("127.0.0.1:" + server.getPort()).usePlaintext().build();
    channels.add(channel);
    return channel;
  }

  private static void answer(StreamObserver<GetMetadataResponse> to, long revision) {
    to.onNext(GetMetadataResponse.newBuilder().setRevision(revision).build());
    to.onCompleted();
  }

  private void ask(ManagedChannel... brokers) {
    Inquiry.send(
        List.of(brokers),
        GetMetadataRequest.getDefaultInstance(),
        answer -> revisions.add(answer.getRevision()),
        (what, delayMs) -> later.add(what),
        ends::release);
  }

  private void awaitEnd() throws InterruptedException {
    assertThat(ends.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
  }

  @AfterEach
  void stop() {
    channels.forEach(ManagedChannel::shutdownNow);
    servers.forEach(Server::shutdownNow);
  }

  @Test
  void isOverOnceWhenAllHaveAnswered() throws Exception {
    ask(broker(1), broker(2));

    awaitEnd();
    assertThat(revisions).containsExactlyInAnyOrder(1L, 2L);
    later.take().run();
    assertThat(ends.availablePermits()).isZero();
  }

  @Test
  void brokerThatStandsStillDoesNotHoldUpTheOthersAnswer() throws Exception {
    ask(broker(-1), broker(2));

    later.take().run();

    awaitEnd();
    assertThat(revisions.take()).isEqualTo(2);
    answer(unanswered.take(), 3);
    assertThat(revisions.take()).as("what comes late is told").isEqualTo(3);
    assertThat(ends.availablePermits()).isZero();
  }

  @Test
  void brokerThatIsGoneIsNotWaitedFor() throws Exception {
    ManagedChannel gone = broker(1);
    servers.get(0).shutdownNow().awaitTermination();

    ask(gone);

    awaitEnd();
    assertThat(revisions).isEmpty();
  }
}
