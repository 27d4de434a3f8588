package io.funes.client;

import static io.funes.client.ClientFixture.LONG;
import static io.funes.client.ClientFixture.await;
import static io.funes.client.ClientFixture.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.funes.proto.v1.ErrorReason;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.RecordBatch;
import io.funes.proto.v1.SequenceGap;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A producer that knows of broker 0, and partitions led by broker 0, 1 and 2. */
final class ProducerFollowsLeadersTest {
  private final FakeCluster cluster = new FakeCluster(3);
  private final FakeTopic topic = cluster.topic("t", 3);
  private final List<String> sent = new ArrayList<>();

  @AfterEach
  void stop() {
    cluster.close();
  }

  private Producer.Builder builder() {
    return Producer.builder().server(cluster.broker(0).address()).deliveryTimeout(LONG);
  }

  private CompletableFuture<RecordPosition> sendTo1(Producer producer) {
    sent.add(Integer.toString(sent.size()));
    return producer.send(record("t", 1, sent.get(sent.size() - 1)));
  }

  private List<CompletableFuture<RecordPosition>> sendTo1(Producer producer, int count) {
    return IntStream.range(0, count).mapToObj(i -> sendTo1(producer)).toList();
  }

  /** Sends to partition 1 until this broker gets it. */
  private void awaitArrivalsAt(int broker, Producer producer) {
    await(
        "arrivals at broker " + broker,
        () -> {
          int before = cluster.broker(broker).produce.receivedCount();
          sendTo1(producer).join();
          return cluster.broker(broker).produce.receivedCount() > before;
        });
  }

  /** Has connections to brokers 1 and 2, and broker 1 leads. */
  private void awaitConnections(Producer producer) {
    cluster.lead("t", 1, 2);
    awaitArrivalsAt(2, producer);
    cluster.lead("t", 1, 1);
    awaitArrivalsAt(1, producer);
  }

  private List<RecordBatch> arrivedAt(int broker) {
    return requestsAt(broker).stream().map(ProduceRequest::getBatch).toList();
  }

  private List<ProduceRequest> requestsAt(int broker) {
    synchronized (cluster.broker(broker).topics) {
      return cluster.broker(broker).produce.received.stream()
          .filter(request -> request.getPartition() == 1)
          .toList();
    }
  }

  private void assertEachIsWrittenOnceInOrder() {
    assertThat(topic.log(1).values()).isEqualTo(sent);
  }

  @Test
  void eachPartitionGoesToItsLeader() {
    try (Producer producer = builder().build()) {
      awaitArrivalsAt(1, producer);
      int elsewhere = arrivedAt(0).size();

      sendTo1(producer, 50).forEach(CompletableFuture::join);

      assertThat(arrivedAt(0)).hasSize(elsewhere);
      assertThat(arrivedAt(2)).isEmpty();
    }
    assertEachIsWrittenOnceInOrder();
  }

  @Test
  void movesWithTheLeader() {
    try (Producer producer = builder().build()) {
      awaitArrivalsAt(1, producer);
      cluster.lead("t", 1, 2);
      awaitArrivalsAt(2, producer);
      cluster.lead("t", 1, 1);
      awaitArrivalsAt(1, producer);
    }
    assertEachIsWrittenOnceInOrder();
  }

  /** So that a leader that has not heard of it yet knows that it will. */
  @Test
  void saysWithEachTryWhichLeaderEpochItKnowsOf() {
    try (Producer producer = builder().build()) {
      awaitConnections(producer);
      int before = requestsAt(1).size();
      int elsewhere = requestsAt(2).size();
      cluster.broker(1).produce.holdAnswers = true;
      CompletableFuture<RecordPosition> sentTwice = sendTo1(producer);
      await("it is under way", () -> requestsAt(1).size() > before);

      cluster.lead("t", 1, 2);

      assertThat(sentTwice).succeedsWithin(LONG);
      ProduceRequest first = requestsAt(1).get(before);
      ProduceRequest second = requestsAt(2).get(elsewhere);
      assertThat(second.getBatch()).isEqualTo(first.getBatch());
      assertThat(second.getLeaderEpoch()).isEqualTo(first.getLeaderEpoch() + 1);
      cluster.broker(1).produce.release();
    }
  }

  @Test
  void whatTheOldLeaderHasNotAnsweredGoesToTheNewOneUnderTheSameNumbers() {
    try (Producer producer = builder().batchBytes(1024).build()) {
      awaitConnections(producer);
      int before = arrivedAt(1).size();
      int elsewhere = arrivedAt(2).size();
      cluster.broker(1).produce.holdAnswers = true;
      List<CompletableFuture<RecordPosition>> waiting = sendTo1(producer, 1_000);
      await("batches under way", () -> arrivedAt(1).size() >= before + 5);

      cluster.lead("t", 1, 2);

      assertThat(waiting).allSatisfy(answer -> assertThat(answer).succeedsWithin(LONG));
      List<RecordBatch> unanswered = arrivedAt(1).subList(before, before + 5);
      assertThat(arrivedAt(2).subList(elsewhere, elsewhere + 5)).isEqualTo(unanswered);
      cluster.broker(1).produce.release();
      sendTo1(producer).join();
    }
    assertEachIsWrittenOnceInOrder();
  }

  @Test
  void aLeadersDeathIsNoError() {
    try (Producer producer = builder().batchBytes(1024).build()) {
      awaitArrivalsAt(1, producer);
      List<CompletableFuture<RecordPosition>> sends = new ArrayList<>(sendTo1(producer, 500));
      cluster.broker(1).stop();
      sends.addAll(sendTo1(producer, 500));
      cluster.lead("t", 1, 2);

      awaitArrivalsAt(2, producer);
      assertThat(sends).allSatisfy(answer -> assertThat(answer).succeedsWithin(LONG));
    }
    assertEachIsWrittenOnceInOrder();
  }

  @Test
  void whenTheOnlyServerNamedDiesTheOthersAreKnown() {
    try (Producer producer = builder().build()) {
      awaitArrivalsAt(1, producer);
      cluster.broker(0).stop();
      await("a watch by another broker", () -> watchers(1) + watchers(2) > 0);
      cluster.lead("t", 1, 2);
      awaitArrivalsAt(2, producer);
    }
    assertEachIsWrittenOnceInOrder();
  }

  private int watchers(int broker) {
    return cluster.metadata.get(broker).watchers();
  }

  @Test
  void aBrokerThatDoesNotLeadAnyMoreIsAskedNoMore() {
    try (Producer producer = builder().build()) {
      awaitArrivalsAt(1, producer);
      cluster.metadata.get(0).deafen("t");
      cluster.lead("t", 1, 2);
      cluster.broker(1).produce.refuse =
          request -> Refusals.status(ErrorReason.ERROR_REASON_NOT_LEADER, "broker 2 leads");

      awaitArrivalsAt(2, producer);
    }
    assertEachIsWrittenOnceInOrder();
  }

  /** Nobody else has told: each broker's metadata are as they were. */
  @Test
  void whoRefusesAndSaysWhoLeadsIsBelieved() {
    try (Producer producer = builder().build()) {
      awaitConnections(producer);
      int elsewhere = arrivedAt(2).size();
      cluster.broker(1).produce.refuse =
          request ->
              Refusals.with(
                  Refusals.with(
                      Refusals.status(ErrorReason.ERROR_REASON_NOT_LEADER, "broker 2 leads"),
                      "leader",
                      "2"),
                  "leader_epoch",
                  "99");

      sendTo1(producer).join();

      assertThat(arrivedAt(2)).hasSize(elsewhere + 1);
    }
    assertEachIsWrittenOnceInOrder();
  }

  /** It has not got what the new leader has, so to it the next batch follows on nothing. */
  @Test
  void aGapIsNotBelievedOfABrokerThatDoesNotLead() {
    try (Producer producer = builder().build()) {
      awaitConnections(producer);
      int elsewhere = arrivedAt(2).size();
      cluster.metadata.get(0).deafen("t");
      cluster.lead("t", 1, 2);
      cluster.broker(1).produce.refuse =
          request ->
              Refusals.status(
                  ErrorReason.ERROR_REASON_SEQUENCE_GAP,
                  "gap",
                  SequenceGap.newBuilder()
                      .setSequence(request.getBatch().getBaseSequence())
                      .build());

      sendTo1(producer).join();

      assertThat(arrivedAt(2)).hasSize(elsewhere + 1);
      assertThat(topic.log(1).batches).allMatch(batch -> batch.getProducerEpoch() == 0);
    }
    assertEachIsWrittenOnceInOrder();
  }

  @Test
  void aLeaderThatIsNotWhereItSaysIsReachedByAnother() throws IOException {
    cluster.misplace(1, closedPort());
    try (Producer producer = builder().build()) {
      sendTo1(producer, 20).forEach(CompletableFuture::join);
      await("a watch", () -> watchers(0) > 0);
      sendTo1(producer, 20).forEach(CompletableFuture::join);
    }
    assertThat(arrivedAt(1)).isEmpty();
    assertEachIsWrittenOnceInOrder();
  }

  private static String closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "127.0.0.1:" + socket.getLocalPort();
    }
  }

  @Test
  void allGoesByTheServersNamedWhereThatIsWanted() {
    try (Producer producer = builder().direct(false).build()) {
      sendTo1(producer, 100).forEach(CompletableFuture::join);
    }
    assertThat(watchers(0)).isZero();
    assertThat(arrivedAt(1)).isEmpty();
    assertEachIsWrittenOnceInOrder();
  }

  @Test
  void withoutNumbersNothingIsSentTwiceForALeaderThatMoves() {
    try (Producer producer = builder().acks(Acks.NONE).batchBytes(1024).build()) {
      awaitArrivalsAt(1, producer);
      sendTo1(producer, 500);
      cluster.lead("t", 1, 2);
      awaitArrivalsAt(2, producer);
    }
    assertEachIsWrittenOnceInOrder();
  }
}
