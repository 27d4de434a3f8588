package io.funes.server.api;

import static io.funes.server.api.Requests.keyed;
import static io.funes.server.api.Requests.produce;
import static io.funes.server.api.Requests.producer;
import static io.funes.server.api.Requests.with;
import static io.funes.server.api.TwoBrokers.appends;
import static org.assertj.core.api.Assertions.assertThat;

import io.funes.proto.v1.Acks;
import io.funes.proto.v1.PartitionAppend;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.ProduceResult;
import io.funes.proto.v1.ProduceServiceGrpc;
import io.funes.proto.v1.ProduceStreamRequest;
import io.funes.proto.v1.ProduceStreamResponse;
import io.funes.proto.v1.SequenceGap;
import io.funes.server.common.ErrorCode;
import io.funes.server.routing.Caller;
import io.funes.server.testing.Answers;
import io.grpc.Metadata;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Appends to a partition that another broker leads than the one that is asked. */
class ForwardedProduceTest {
  private static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  @TempDir Path folder;
  private final Answers<ProduceStreamResponse> answers = new Answers<>();
  private TwoBrokers brokers;

  @BeforeEach
  void start() {
    brokers = TwoBrokers.leadingOneEach(folder);
  }

  @AfterEach
  void stop() {
    brokers.close();
  }

  private StreamObserver<ProduceStreamRequest> openStream() {
    return ProduceServiceGrpc.newStub(brokers.asked.channel()).produceStream(answers);
  }

  private static ProduceStreamRequest streamed(ProduceRequest request) {
    return ProduceStreamRequest.newBuilder().setRequest(request).build();
  }

  @Test
  void aRecordIsAppendedAtTheLeaderWhoseAddressTheReplyNames() {
    assertThat(appends(brokers.producing(), brokers.toFar("x")).getFirst().getBaseOffset())
        .isZero();
    assertThat(brokers.leadersTold()).containsExactly(brokers.other.address);

    var there = appends(brokers.other.produce(), brokers.toFar("y")).getFirst();
    assertThat(there.getBaseOffset()).isEqualTo(1);
  }

  @Test
  void whatIsLedHereGoesNowhere() {
    appends(brokers.producing(), brokers.toOwn("x"));

    assertThat(brokers.arrivals.headers).isEmpty();
    assertThat(brokers.leadersTold()).isEmpty();
  }

  @Test
  void recordsGoByKeyToTheirPartitionsWhoeverLeadsThem() {
    ProduceRequest.Builder request = ProduceRequest.newBuilder().setTopic("t");
    for (int key = 0; key < 20; key++) {
      request.addRecords(keyed("k" + key, "v" + key));
    }

    List<PartitionAppend> appends = appends(brokers.asked.produce(), request.build());

    assertThat(appends).extracting(PartitionAppend::getPartition).containsExactly(0, 1);
    assertThat(appends.stream().mapToLong(a -> a.getLastOffset() + 1).sum()).isEqualTo(20);
  }

  @Test
  void aRepetitionIsKnownAlsoWhereTheBrokersChosePartitions() {
    for (int round = 0; round < 2; round++) {
      for (int sequence = 0; sequence < 6; sequence++) {
        ProduceRequest request =
            ProduceRequest.newBuilder()
                .setTopic("t")
                .addRecords(keyed("k" + sequence, "v"))
                .setProducer(producer(7, 0, sequence))
                .build();
        if (round == 0 || sequence >= 4) {
          assertThat(appends(brokers.asked.produce(), request).getFirst().getDeduplicated())
              .isEqualTo(round == 1);
        }
      }
    }
  }

  @Test
  void anErrorOfTheLeaderIsToldUnchanged() {
    appends(
        brokers.asked.produce(),
        brokers.toFar("x").toBuilder().setProducer(producer(7, 0, 0)).build());
    ProduceRequest gap = brokers.toFar("y").toBuilder().setProducer(producer(7, 0, 5)).build();

    Errors direct = Errors.of(() -> brokers.other.produce().produce(gap));
    Errors forwarded = Errors.of(() -> brokers.producing().produce(gap));

    assertThat(forwarded.info()).isEqualTo(direct.info());
    assertThat(forwarded.status().getMessage()).isEqualTo(direct.status().getMessage());
    assertThat(forwarded.code()).isEqualTo(ErrorCode.SEQUENCE_GAP);
    assertThat(forwarded.detail(SequenceGap.class).getSequence()).isEqualTo(5);
    assertThat(brokers.leadersTold()).containsExactly(brokers.other.address);
  }

  @Test
  void aCallThatWasSentOnIsNotSentOnAgain() {
    Errors error =
        Errors.of(
            () -> with(brokers.asked.produce(), Caller.FORWARDED, "1").produce(brokers.toFar("x")));

    assertThat(error.code()).isEqualTo(ErrorCode.NOT_LEADER);
    assertThat(error.metadata()).containsEntry("leader_address", brokers.other.address);
    assertThat(brokers.arrivals.headers).isEmpty();
  }

  @Test
  void theLeaderSeesTheCallersDeadlineAndMetadata() {
    appends(
        with(brokers.asked.produce(), TOKEN, "secret").withDeadlineAfter(5, TimeUnit.SECONDS),
        brokers.toFar("x"));

    assertThat(brokers.arrivals.headers.getFirst().get(TOKEN)).isEqualTo("secret");
    assertThat(brokers.arrivals.headers.getFirst().get(Caller.FORWARDED)).isEqualTo("1");
    assertThat(brokers.arrivals.deadline.timeRemaining(TimeUnit.MILLISECONDS))
        .isBetween(0L, 5_000L);
  }

  @Test
  void withoutAcknowledgementItIsAppendedAllTheSame() {
    appends(
        brokers.asked.produce(), brokers.toFar("x").toBuilder().setAcks(Acks.ACKS_NONE).build());

    assertThat(appends(brokers.other.produce(), brokers.toFar("y")).getFirst().getBaseOffset())
        .isEqualTo(1);
  }

  @Test
  void aLeaderThatIsNotReachedCanBeTriedAgain() {
    brokers.other.close();

    Errors error = Errors.of(() -> brokers.asked.produce().produce(brokers.toFar("x")));

    assertThat(error.code()).isEqualTo(ErrorCode.BROKER_UNAVAILABLE);
    assertThat(error.metadata()).containsEntry("leader_address", brokers.other.address);
  }

  @Test
  void aStreamKeepsTheOrderOfEachPartition() {
    StreamObserver<ProduceStreamRequest> stream = openStream();
    for (int i = 0; i < 20; i++) {
      stream.onNext(
          ProduceStreamRequest.newBuilder()
              .setCorrelationId(i)
              .setRequest(
                  produce("t", "v" + i)
                      .setPartition(i % 2 == 0 ? brokers.far : brokers.own)
                      .setProducer(producer(7, 0, i / 2)))
              .build());
    }
    stream.onCompleted();

    List<ProduceResult> results =
        answers.all().stream().flatMap(answer -> answer.getResultsList().stream()).toList();
    assertThat(results).hasSize(20).noneMatch(ProduceResult::hasError);
    assertThat(results)
        .allSatisfy(result ->
            assertThat(result.getResponse().getAppends(0).getBaseOffset())
                .isEqualTo(result.getCorrelationId() / 2));
    assertThat(brokers.arrivals.headers).as("one stream to the leader").hasSize(1);
  }

  @Test
  void aStreamTellsTheLeadersErrorAndGoesOn() {
    StreamObserver<ProduceStreamRequest> stream = openStream();
    for (int sequence : new int[] {0, 5, 1}) {
      stream.onNext(
          ProduceStreamRequest.newBuilder()
              .setRequest(brokers.toFar("x").toBuilder().setProducer(producer(7, 0, sequence)))
              .build());
    }
    stream.onCompleted();

    List<ProduceStreamResponse> all = answers.all();
    assertThat(Errors.of(all.get(1).getResults(0).getError()).code())
        .isEqualTo(ErrorCode.SEQUENCE_GAP);
    assertThat(all.get(2).getResults(0).getResponse().getAppendsCount()).isEqualTo(1);
  }

  @Test
  void aStreamOutlivesItsLeader() {
    StreamObserver<ProduceStreamRequest> stream = openStream();
    stream.onNext(streamed(brokers.toFar("x")));
    brokers.other.close();
    stream.onNext(streamed(brokers.toFar("y")));
    stream.onNext(streamed(brokers.toOwn("z")));
    stream.onCompleted();

    List<ProduceStreamResponse> all = answers.all();
    assertThat(all).hasSize(3);
    assertThat(all.get(1).getResults(0).hasError()).isTrue();
    assertThat(all.get(2).getResults(0).hasResponse()).isTrue();
  }

  /** It stands still; its connections stand. */
  @Test
  void whoIsFencedIsNotWaitedFor() {
    brokers.arrivals.answerless = true;
    StreamObserver<ProduceStreamRequest> stream = openStream();
    stream.onNext(streamed(brokers.toFar("x")));
    assertThat(brokers.arrivals.headers).hasSize(1);
    assertThat(answers.soFar()).isEmpty();

    brokers.asked.fenceBroker(1);

    assertThat(answers.soFar()).hasSize(1);
    assertThat(Errors.of(answers.soFar().getFirst().getResults(0).getError()).code())
        .isEqualTo(ErrorCode.BROKER_UNAVAILABLE);
    stream.onNext(streamed(brokers.toOwn("z")));
    stream.onCompleted();
    assertThat(answers.all().getLast().getResults(0).hasResponse()).isTrue();
  }
}
