package io.funes.server.api;

import static io.funes.server.api.Requests.at;
import static io.funes.server.api.Requests.earliest;
import static io.funes.server.api.Requests.fetch;
import static io.funes.server.api.Requests.produce;
import static io.funes.server.api.Requests.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.funes.proto.v1.Acks;
import io.funes.proto.v1.FetchRequest;
import io.funes.proto.v1.FetchResponse;
import io.funes.proto.v1.GetTopicRequest;
import io.funes.proto.v1.Latest;
import io.funes.proto.v1.Partition;
import io.funes.proto.v1.ReadRequest;
import io.funes.proto.v1.ReadResponse;
import io.funes.proto.v1.Start;
import io.funes.server.common.ErrorCode;
import io.funes.server.routing.Caller;
import io.funes.server.testing.Answers;
import io.funes.server.testing.MemoryMetadataLog;
import io.funes.server.testing.ReplicaStreams;
import io.funes.server.testing.ServicesFixture;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker that follows is asked to read: what it answers itself, and what it leaves to the leader.
 * Records go from one to the other when the test says so.
 */
class FollowerReadTest {
  @TempDir Path folder;
  @TempDir Path otherFolder;
  private final AtomicReference<Metadata> trailers = new AtomicReference<>();
  private ServicesFixture leader;
  private ServicesFixture follower;
  private int leaderId;
  private int followerId;

  @BeforeEach
  void start() {
    MemoryMetadataLog metadata = new MemoryMetadataLog();
    ReplicaStreams streams = new ReplicaStreams();
    List<ServicesFixture> brokers =
        List.of(
            ServicesFixture.in(folder, metadata, 0, List.of(), streams),
            ServicesFixture.in(otherFolder, metadata, 1, List.of(), streams));
    brokers.getFirst().createTopic("t", 1, 2, Map.of());
    Partition partition =
        brokers
            .getFirst()
            .topics()
            .getTopic(GetTopicRequest.newBuilder().setName("t").build())
            .getTopic()
            .getPartitions(0);
    leaderId = partition.getLeaderId();
    followerId = 1 - leaderId;
    leader = brokers.get(leaderId);
    follower = brokers.get(followerId);
    replicate();
  }

  @AfterEach
  void stop() {
    leader.close();
    follower.close();
  }

  private void append(String... values) {
    var _ = leader.produce().produce(produce("t", values).setAcks(Acks.ACKS_LEADER).build());
  }

  private void replicate() {
    for (int turn = 0; turn < 4; turn++) {
      leader.time.runReady();
      follower.time.runReady();
    }
    runReaders();
  }

  private void runReaders() {
    for (int turn = 0; turn < 4; turn++) {
      follower.readers.runReady();
      leader.readers.runReady();
    }
  }

  private Answers<FetchResponse> fetching(FetchRequest.Builder request) {
    Answers<FetchResponse> answer = new Answers<>();
    follower
        .fetch()
        .withInterceptors(
            MetadataUtils.newCaptureMetadataInterceptor(new AtomicReference<>(), trailers))
        .fetch(request.build(), answer);
    runReaders();
    return answer;
  }

  private FetchResponse fetched(FetchRequest.Builder request) {
    return fetching(request).all().getFirst();
  }

  private Answers<ReadResponse> reading(ReadRequest.Builder request) {
    Answers<ReadResponse> answer = new Answers<>();
    follower.fetch().read(answer).onNext(request.build());
    runReaders();
    return answer;
  }

  private static List<String> values(List<ReadResponse> frames) {
    return frames.stream().flatMap(frame -> Requests.values(frame.getBatches()).stream()).toList();
  }

  private static ErrorCode refusal(Answers<?> answers) {
    try {
      answers.all();
    } catch (CompletionException e) {
      return Errors.of(e.getCause()).code();
    }
    throw new AssertionError("it is not refused");
  }

  private boolean wasSentOn() {
    return trailers.get().containsKey(Caller.LEADER);
  }

  @Test
  void inSyncItAnswersFromItsOwnLog() {
    append("a", "b");
    replicate();

    FetchResponse answer = fetched(fetch(earliest("t")).setAllowFollower(true));

    assertThat(Requests.values(answer)).containsExactly("a", "b");
    assertThat(answer.getPartitions(0).getHighWatermark()).isEqualTo(2);
    assertThat(wasSentOn()).isFalse();
  }

  @Test
  void itAnswersWhileItsLeaderIsNotReached() {
    append("a");
    replicate();
    leader.close();

    assertThat(Requests.values(fetched(fetch(earliest("t")).setAllowFollower(true))))
        .containsExactly("a");
  }

  @Test
  void whoWantsTheLeaderGetsTheLeader() {
    append("a");
    replicate();

    assertThat(Requests.values(fetched(fetch(earliest("t"))))).containsExactly("a");
    assertThat(wasSentOn()).isTrue();
  }

  @Test
  void whoIsNotInSyncAsksTheLeader() {
    append("a");
    replicate();
    leader.getInSync("t", 0, leaderId);
    append("b");

    FetchResponse answer = fetched(fetch(earliest("t")).setAllowFollower(true));

    assertThat(Requests.values(answer)).containsExactly("a", "b");
    assertThat(wasSentOn()).isTrue();
  }

  @Test
  void aPollWaitsForTheFollowersWatermark() {
    Answers<FetchResponse> poll =
        fetching(fetch(at("t", 0)).setAllowFollower(true).setMaxWaitMs(10_000));
    append("a");
    runReaders();
    assertThat(poll.soFar()).isEmpty();

    replicate();

    assertThat(Requests.values(poll.all().getFirst())).containsExactly("a");
    assertThat(wasSentOn()).isFalse();
  }

  /** Nothing more is appended that could tell the follower of the watermark. */
  @Test
  void theLastRecordIsReadToo() {
    append("a");
    Answers<ReadResponse> stream = reading(read(at("t", 0)).setAllowFollower(true));
    replicate();
    append("b");
    replicate();

    assertThat(values(stream.soFar())).containsExactly("a", "b");
  }

  @Test
  void anOffsetThatItHasNotGotIsForTheLeaderToJudge() {
    append("a", "b");

    assertThat(fetched(fetch(at("t", 2)).setAllowFollower(true)).getPartitions(0).getNextOffset())
        .isEqualTo(2);
    assertThat(wasSentOn()).isTrue();
    assertThat(refusal(fetching(fetch(at("t", 99)).setAllowFollower(true))))
        .isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
    assertThat(refusal(reading(read(at("t", 99)).setAllowFollower(true))))
        .isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
  }

  @Test
  void latestAndTheEndAreThoseOfItsOwnWatermark() {
    append("a");
    replicate();
    Start.Builder latest = Start.newBuilder().setLatest(Latest.getDefaultInstance());
    Answers<ReadResponse> untilEnd =
        reading(read(earliest("t")).setAllowFollower(true).setUntilEnd(true));
    Answers<ReadResponse> fromNow = reading(read(at("t", latest)).setAllowFollower(true));

    append("b");
    replicate();

    assertThat(values(untilEnd.all())).containsExactly("a");
    assertThat(values(fromNow.soFar())).containsExactly("b");
  }

  @Test
  void aStreamEndsWhenItIsNoLongerInSyncAndGoesOnByWayOfTheLeader() {
    append("a");
    replicate();
    Answers<ReadResponse> stream = reading(read(earliest("t")).setAllowFollower(true));
    assertThat(values(stream.soFar())).containsExactly("a");

    leader.getInSync("t", 0, leaderId);
    runReaders();
    assertThat(refusal(stream)).isEqualTo(ErrorCode.NOT_LEADER);

    append("b");
    stream = reading(read(at("t", 1)).setAllowFollower(true));
    assertThat(values(stream.soFar())).containsExactly("b");
  }

  /** A reader may hear sooner than the broker that it is in sync again. */
  @Test
  void aStreamThatWasSentOnToTheLeaderComesBackWhenTheFollowerIsInSync() {
    leader.getInSync("t", 0, leaderId);
    append("a");
    Answers<ReadResponse> stream = reading(read(earliest("t")).setAllowFollower(true));
    assertThat(values(stream.soFar())).containsExactly("a");

    replicate();
    leader.getInSync("t", 0, leaderId, followerId);
    follower.time.advanceMs(10_000);
    runReaders();

    ReadResponse last = stream.all().getLast();
    assertThat(last.getDrain().getPositions(0).getNextOffset()).isEqualTo(1);
    leader.close();
    assertThat(values(reading(read(earliest("t")).setAllowFollower(true)).soFar()))
        .containsExactly("a");
  }

  @Test
  void aPollEndsWhenItIsNoLongerInSync() {
    Answers<FetchResponse> poll =
        fetching(fetch(at("t", 0)).setAllowFollower(true).setMaxWaitMs(10_000));

    leader.getInSync("t", 0, leaderId);
    runReaders();

    assertThat(refusal(poll)).isEqualTo(ErrorCode.NOT_LEADER);
  }

  @Test
  void aStreamEndsWithItsLeadersEpochAndGoesOnInTheNext() {
    append("a", "b");
    replicate();
    Answers<ReadResponse> stream = reading(read(earliest("t")).setAllowFollower(true));
    assertThat(values(stream.soFar())).containsExactly("a", "b");

    leader.fenceBroker(leaderId);
    runReaders();
    assertThat(refusal(stream)).isEqualTo(ErrorCode.NOT_LEADER);

    var _ = follower.produce().produce(produce("t", "c").build());
    stream = reading(read(at("t", 2)).setAllowFollower(true));
    assertThat(values(stream.soFar())).containsExactly("c");
  }
}
