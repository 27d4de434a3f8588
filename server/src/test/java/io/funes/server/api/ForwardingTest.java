package io.funes.server.api;

import static io.funes.server.api.Requests.earliest;
import static io.funes.server.api.Requests.fetch;
import static io.funes.server.api.Requests.keyed;
import static io.funes.server.api.Requests.produce;
import static io.funes.server.api.Requests.producer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.funes.proto.v1.Acks;
import io.funes.proto.v1.Credits;
import io.funes.proto.v1.FetchRequest;
import io.funes.proto.v1.FetchResponse;
import io.funes.proto.v1.GetTopicRequest;
import io.funes.proto.v1.Latest;
import io.funes.proto.v1.ListOffsetsRequest;
import io.funes.proto.v1.ListOffsetsResponse;
import io.funes.proto.v1.Partition;
import io.funes.proto.v1.PartitionAppend;
import io.funes.proto.v1.PartitionBatches;
import io.funes.proto.v1.PartitionOffset;
import io.funes.proto.v1.PartitionStart;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.ProduceResult;
import io.funes.proto.v1.ProduceServiceGrpc;
import io.funes.proto.v1.ProduceServiceGrpc.ProduceServiceBlockingStub;
import io.funes.proto.v1.ProduceStreamRequest;
import io.funes.proto.v1.ProduceStreamResponse;
import io.funes.proto.v1.ReadPosition;
import io.funes.proto.v1.ReadRequest;
import io.funes.proto.v1.ReadResponse;
import io.funes.proto.v1.SequenceGap;
import io.funes.proto.v1.Start;
import io.funes.proto.v1.TopicStart;
import io.funes.server.common.ErrorCode;
import io.funes.server.routing.Caller;
import io.funes.server.testing.Answers;
import io.funes.server.testing.MemoryMetadataLog;
import io.funes.server.testing.ServicesFixture;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Any broker takes any call: one that leads half of a topic's partitions, asked for the others. */
class ForwardingTest {
  private static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  @TempDir Path folder;
  @TempDir Path otherFolder;
  private final Arrivals arrivals = new Arrivals();
  private final AtomicReference<Metadata> trailers = new AtomicReference<>();
  private ServicesFixture asked;
  private ServicesFixture other;
  private StreamObserver<ReadRequest> credits;

  /** Partition of "t" that the broker leads which is asked, and one that the other leads. */
  private int own;

  private int far;

  @BeforeEach
  void start() {
    MemoryMetadataLog metadata = new MemoryMetadataLog();
    asked = ServicesFixture.in(folder, metadata, 0);
    other = ServicesFixture.in(otherFolder, metadata, 1, List.of(arrivals));
    asked.createTopic("t", 2, 1, Map.of());
    for (Partition partition :
        asked
            .topics()
            .getTopic(GetTopicRequest.newBuilder().setName("t").build())
            .getTopic()
            .getPartitionsList()) {
      if (partition.getLeaderId() == 0) {
        own = partition.getPartition();
      } else {
        far = partition.getPartition();
      }
    }
    assertThat(own).isNotEqualTo(far);
  }

  @AfterEach
  void stop() {
    asked.close();
    other.close();
  }

  /** What reaches the other broker. */
  private static final class Arrivals implements ServerInterceptor {
    private final List<Metadata> headers = new ArrayList<>();
    private Deadline deadline;
    private boolean answerless;

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata callHeaders, ServerCallHandler<Q, A> next) {
      headers.add(callHeaders);
      deadline = Context.current().getDeadline();
      return answerless ? new ServerCall.Listener<>() {} : next.startCall(call, callHeaders);
    }
  }

  private ProduceServiceBlockingStub producing() {
    return asked
        .produce()
        .withInterceptors(
            MetadataUtils.newCaptureMetadataInterceptor(new AtomicReference<>(), trailers));
  }

  private static ProduceServiceBlockingStub with(
      ProduceServiceBlockingStub stub, Metadata.Key<String> name, String value) {
    Metadata headers = new Metadata();
    headers.put(name, value);
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private ProduceRequest toFar(String value) {
    return produce("t", value).setPartition(far).build();
  }

  private static List<PartitionAppend> appends(ProduceServiceBlockingStub stub, ProduceRequest to) {
    return stub.produce(to).getAppendsList();
  }

  private void runReaders() {
    for (int turn = 0; turn < 4; turn++) {
      asked.readers.runReady();
      other.readers.runReady();
    }
  }

  private Answers<FetchResponse> fetching(FetchRequest.Builder request) {
    Answers<FetchResponse> answer = new Answers<>();
    asked
        .fetch()
        .withInterceptors(
            MetadataUtils.newCaptureMetadataInterceptor(new AtomicReference<>(), trailers))
        .fetch(request.build(), answer);
    runReaders();
    return answer;
  }

  private static TopicStart partition(int number, Start.Builder start) {
    return TopicStart.newBuilder()
        .setTopic("t")
        .addPartitions(PartitionStart.newBuilder().setPartition(number).setStart(start))
        .build();
  }

  private static Start.Builder offset(long offset) {
    return Start.newBuilder().setOffset(offset);
  }

  @Test
  void aRecordIsAppendedAtTheLeaderWhoseAddressTheReplyNames() {
    assertThat(appends(producing(), toFar("x")).getFirst().getBaseOffset()).isZero();
    assertThat(trailers.get().get(Caller.LEADER)).isEqualTo(other.address);

    var there = appends(other.produce(), toFar("y")).getFirst();
    assertThat(there.getBaseOffset()).isEqualTo(1);
  }

  @Test
  void whatIsLedHereGoesNowhere() {
    appends(producing(), produce("t", "x").setPartition(own).build());

    assertThat(arrivals.headers).isEmpty();
    assertThat(trailers.get().containsKey(Caller.LEADER)).isFalse();
  }

  @Test
  void recordsGoByKeyToTheirPartitionsWhoeverLeadsThem() {
    ProduceRequest.Builder request = ProduceRequest.newBuilder().setTopic("t");
    for (int key = 0; key < 20; key++) {
      request.addRecords(keyed("k" + key, "v" + key));
    }

    List<PartitionAppend> appends = appends(asked.produce(), request.build());

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
          assertThat(appends(asked.produce(), request).getFirst().getDeduplicated())
              .isEqualTo(round == 1);
        }
      }
    }
  }

  @Test
  void anErrorOfTheLeaderIsToldUnchanged() {
    appends(asked.produce(), toFar("x").toBuilder().setProducer(producer(7, 0, 0)).build());
    ProduceRequest gap = toFar("y").toBuilder().setProducer(producer(7, 0, 5)).build();

    Errors direct = Errors.of(() -> other.produce().produce(gap));
    Errors forwarded = Errors.of(() -> producing().produce(gap));

    assertThat(forwarded.info()).isEqualTo(direct.info());
    assertThat(forwarded.status().getMessage()).isEqualTo(direct.status().getMessage());
    assertThat(forwarded.code()).isEqualTo(ErrorCode.SEQUENCE_GAP);
    assertThat(forwarded.detail(SequenceGap.class).getSequence()).isEqualTo(5);
    assertThat(trailers.get().get(Caller.LEADER)).isEqualTo(other.address);
  }

  @Test
  void aCallThatWasSentOnIsNotSentOnAgain() {
    Errors error =
        Errors.of(() -> with(asked.produce(), Caller.FORWARDED, "1").produce(toFar("x")));

    assertThat(error.code()).isEqualTo(ErrorCode.NOT_LEADER);
    assertThat(error.metadata()).containsEntry("leader_address", other.address);
    assertThat(arrivals.headers).isEmpty();
  }

  @Test
  void theLeaderSeesTheCallersDeadlineAndMetadata() {
    appends(
        with(asked.produce(), TOKEN, "secret").withDeadlineAfter(5, TimeUnit.SECONDS), toFar("x"));

    assertThat(arrivals.headers.getFirst().get(TOKEN)).isEqualTo("secret");
    assertThat(arrivals.headers.getFirst().get(Caller.FORWARDED)).isEqualTo("1");
    assertThat(arrivals.deadline.timeRemaining(TimeUnit.MILLISECONDS)).isBetween(0L, 5_000L);
  }

  @Test
  void withoutAcknowledgementItIsAppendedAllTheSame() {
    appends(asked.produce(), toFar("x").toBuilder().setAcks(Acks.ACKS_NONE).build());

    assertThat(appends(other.produce(), toFar("y")).getFirst().getBaseOffset()).isEqualTo(1);
  }

  @Test
  void aLeaderThatIsNotReachedCanBeTriedAgain() {
    other.close();

    Errors error = Errors.of(() -> asked.produce().produce(toFar("x")));

    assertThat(error.code()).isEqualTo(ErrorCode.BROKER_UNAVAILABLE);
    assertThat(error.metadata()).containsEntry("leader_address", other.address);
  }

  @Test
  void aStreamKeepsTheOrderOfEachPartition() {
    Answers<ProduceStreamResponse> answers = new Answers<>();
    StreamObserver<ProduceStreamRequest> stream =
        ProduceServiceGrpc.newStub(asked.channel()).produceStream(answers);
    for (int i = 0; i < 20; i++) {
      stream.onNext(
          ProduceStreamRequest.newBuilder()
              .setCorrelationId(i)
              .setRequest(
                  produce("t", "v" + i)
                      .setPartition(i % 2 == 0 ? far : own)
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
    assertThat(arrivals.headers).as("one stream to the leader").hasSize(1);
  }

  @Test
  void aStreamTellsTheLeadersErrorAndGoesOn() {
    Answers<ProduceStreamResponse> answers = new Answers<>();
    StreamObserver<ProduceStreamRequest> stream =
        ProduceServiceGrpc.newStub(asked.channel()).produceStream(answers);
    for (int sequence : new int[] {0, 5, 1}) {
      stream.onNext(
          ProduceStreamRequest.newBuilder()
              .setRequest(toFar("x").toBuilder().setProducer(producer(7, 0, sequence)))
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
    Answers<ProduceStreamResponse> answers = new Answers<>();
    StreamObserver<ProduceStreamRequest> stream =
        ProduceServiceGrpc.newStub(asked.channel()).produceStream(answers);
    stream.onNext(ProduceStreamRequest.newBuilder().setRequest(toFar("x")).build());
    other.close();
    stream.onNext(ProduceStreamRequest.newBuilder().setRequest(toFar("y")).build());
    stream.onNext(
        ProduceStreamRequest.newBuilder().setRequest(produce("t", "z").setPartition(own)).build());
    stream.onCompleted();

    List<ProduceStreamResponse> all = answers.all();
    assertThat(all).hasSize(3);
    assertThat(all.get(1).getResults(0).hasError()).isTrue();
    assertThat(all.get(2).getResults(0).hasResponse()).isTrue();
  }

  /** It stands still; its connections stand. */
  @Test
  void whoIsFencedIsNotWaitedFor() {
    arrivals.answerless = true;
    Answers<ProduceStreamResponse> answers = new Answers<>();
    StreamObserver<ProduceStreamRequest> stream =
        ProduceServiceGrpc.newStub(asked.channel()).produceStream(answers);
    stream.onNext(ProduceStreamRequest.newBuilder().setRequest(toFar("x")).build());
    assertThat(arrivals.headers).hasSize(1);
    assertThat(answers.soFar()).isEmpty();

    asked.fenceBroker(1);

    assertThat(answers.soFar()).hasSize(1);
    assertThat(Errors.of(answers.soFar().getFirst().getResults(0).getError()).code())
        .isEqualTo(ErrorCode.BROKER_UNAVAILABLE);
    stream.onNext(
        ProduceStreamRequest.newBuilder().setRequest(produce("t", "z").setPartition(own)).build());
    stream.onCompleted();
    assertThat(answers.all().getLast().getResults(0).hasResponse()).isTrue();
  }

  @Test
  void aFetchOfOnePartitionIsAnsweredByItsLeader() {
    appends(other.produce(), toFar("x"));

    FetchResponse answer = fetching(fetch(partition(far, offset(0)))).all().getFirst();

    assertThat(Requests.values(answer)).containsExactly("x");
    assertThat(trailers.get().get(Caller.LEADER)).isEqualTo(other.address);
  }

  @Test
  void aFetchOfAllPartitionsBringsThemInOrder() {
    appends(asked.produce(), produce("t", "here").setPartition(own).build());
    appends(asked.produce(), toFar("there"));

    FetchResponse answer = fetching(fetch(earliest("t"))).all().getFirst();

    assertThat(answer.getPartitionsList())
        .extracting(PartitionBatches::getPartition)
        .containsExactly(0, 1);
    assertThat(Requests.values(answer)).containsExactlyInAnyOrder("here", "there");
    assertThat(trailers.get().getAll(Caller.LEADER))
        .containsExactlyInAnyOrder(asked.address, other.address);
  }

  @Test
  void aFetchOfSeveralLeadersWaitsForTheFirstThatHasSomething() {
    Start.Builder latest = Start.newBuilder().setLatest(Latest.getDefaultInstance());
    Answers<FetchResponse> waiting =
        fetching(
            fetch(TopicStart.newBuilder().setTopic("t").setStart(latest).build())
                .setMaxWaitMs(10_000));
    assertThat(waiting.soFar()).isEmpty();

    appends(other.produce(), toFar("new"));
    runReaders();

    assertThat(Requests.values(waiting.all().getFirst())).containsExactly("new");
  }

  @Test
  void aFetchOfSeveralLeadersTakesNoMoreThanWasAskedFor() {
    for (int i = 0; i < 10; i++) {
      appends(asked.produce(), produce("t", "here".repeat(50)).setPartition(own).build());
      appends(asked.produce(), toFar("there".repeat(50)));
    }

    FetchResponse answer = fetching(fetch(earliest("t")).setMaxBytes(1_200)).all().getFirst();

    assertThat(answer.getSerializedSize()).isLessThan(1_300);
    assertThat(answer.getPartitionsList())
        .allSatisfy(partition ->
            assertThat(partition.getNextOffset()).isEqualTo(Requests.values(partition).size()));
  }

  @Test
  void anErrorOfOneLeaderIsTheErrorOfTheFetch() {
    Errors error =
        refused(() -> fetching(fetch(partition(own, offset(0)), partition(far, offset(99)))).all());

    assertThat(error.code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
  }

  private static Errors refused(ThrowingCallable call) {
    try {
      call.call();
    } catch (CompletionException e) {
      return Errors.of(e.getCause());
    } catch (Throwable e) {
      return Errors.of(e);
    }
    throw new AssertionError("it is not refused");
  }

  @Test
  void offsetsComeFromAllLeaders() {
    appends(asked.produce(), toFar("x"));
    Answers<ListOffsetsResponse> answer = new Answers<>();
    asked
        .fetch()
        .listOffsets(
            ListOffsetsRequest.newBuilder()
                .addTopics(
                    TopicStart.newBuilder()
                        .setTopic("t")
                        .setStart(Start.newBuilder().setLatest(Latest.getDefaultInstance())))
                .build(),
            answer);
    runReaders();

    List<PartitionOffset> offsets = answer.all().getFirst().getOffsetsList();
    assertThat(offsets).extracting(PartitionOffset::getPartition).containsExactly(0, 1);
    assertThat(offsets.get(far).getOffset()).isEqualTo(1);
    assertThat(offsets.get(own).getOffset()).isZero();
  }

  private Answers<ReadResponse> reading(ReadRequest.Builder request) {
    Answers<ReadResponse> answer = new Answers<>();
    credits = asked.fetch().read(answer);
    credits.onNext(request.build());
    runReaders();
    return answer;
  }

  private static List<String> values(List<ReadResponse> frames) {
    return frames.stream().flatMap(frame -> Requests.values(frame.getBatches()).stream()).toList();
  }

  @Test
  void aReadStreamBringsWhatAllLeadersHaveAndWillHave() {
    appends(asked.produce(), produce("t", "here").setPartition(own).build());
    appends(asked.produce(), toFar("there"));

    Answers<ReadResponse> stream = reading(Requests.read(earliest("t")));
    assertThat(values(stream.soFar())).containsExactlyInAnyOrder("here", "there");

    appends(other.produce(), toFar("new"));
    runReaders();
    assertThat(values(stream.soFar())).hasSize(3).endsWith("new");
  }

  @Test
  void aReadStreamEndsWhereAllLeadersEnd() {
    appends(asked.produce(), produce("t", "here").setPartition(own).build());
    appends(asked.produce(), toFar("there"));

    Answers<ReadResponse> stream = reading(Requests.read(earliest("t")).setUntilEnd(true));

    assertThat(values(stream.all())).containsExactlyInAnyOrder("here", "there");
  }

  @Test
  void aReadStreamSendsNoMoreThanItsReaderHasCreditFor() {
    for (int i = 0; i < 10; i++) {
      appends(asked.produce(), toFar("v" + i));
    }
    Answers<ReadResponse> stream =
        reading(
            Requests.read(partition(far, offset(0)))
                .setMaxFrameBytes(1)
                .setCredits(Credits.newBuilder().setRecords(3).setBytes(1_000_000)));
    assertThat(values(stream.soFar())).containsExactly("v0", "v1", "v2");

    credits.onNext(ReadRequest.newBuilder().setCredits(Credits.newBuilder().setRecords(2)).build());
    runReaders();
    assertThat(values(stream.soFar())).hasSize(5).endsWith("v4");
  }

  @Test
  void aHeartbeatNamesTheReadersPlaceAtEachLeader() {
    appends(asked.produce(), toFar("x"));
    Answers<ReadResponse> stream = reading(Requests.read(earliest("t")));

    for (int second = 0; second < 10; second++) {
      other.time.advanceMs(1_000);
      asked.time.advanceMs(1_000);
      runReaders();
    }

    List<ReadPosition> positions = stream.soFar().getLast().getHeartbeat().getPositionsList();
    assertThat(positions)
        .extracting(ReadPosition::getPartition, ReadPosition::getNextOffset)
        .containsExactlyInAnyOrder(tuple(own, 0L), tuple(far, 1L));
  }

  @Test
  void anErrorOfALeaderIsTheErrorOfTheReadStream() {
    Answers<ReadResponse> stream = reading(Requests.read(partition(far, offset(99))));

    assertThat(refused(stream::all).code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
  }

  @Test
  void aReadStreamEndsWithItsLeader() {
    Answers<ReadResponse> stream = reading(Requests.read(partition(far, offset(0))));

    other.close();
    runReaders();

    assertThat(refused(stream::all).code()).isEqualTo(ErrorCode.BROKER_UNAVAILABLE);
  }

  @Test
  void aReadStreamThatWasSentOnIsRefusedWithTheLeadersAddress() {
    Metadata forwarded = new Metadata();
    forwarded.put(Caller.FORWARDED, "1");
    Answers<ReadResponse> answer = new Answers<>();
    asked
        .fetch()
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(forwarded))
        .read(answer)
        .onNext(Requests.read(partition(far, offset(0))).build());
    runReaders();

    Errors error = refused(answer::all);
    assertThat(error.code()).isEqualTo(ErrorCode.NOT_LEADER);
    assertThat(error.metadata()).containsEntry("leader_address", other.address);
  }
}
