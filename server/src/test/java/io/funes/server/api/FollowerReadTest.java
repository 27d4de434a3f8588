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
import io.funes.proto.v1.Latest;
import io.funes.proto.v1.ReadResponse;
import io.funes.proto.v1.Start;
import io.funes.server.common.ErrorCode;
import io.funes.server.testing.Answers;
import io.funes.server.testing.ServicesFixture;
import java.nio.file.Path;
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
  private TwoBrokers brokers;
  private ServicesFixture leader;
  private ServicesFixture follower;

  @BeforeEach
  void start() {
    brokers = TwoBrokers.followerAndLeader(folder);
    leader = brokers.other;
    follower = brokers.asked;
    replicate();
  }

  @AfterEach
  void stop() {
    brokers.close();
  }

  private void append(String... values) {
    var _ = leader.produce().produce(produce("t", values).setAcks(Acks.ACKS_LEADER).build());
  }

  private void replicate() {
    for (int turn = 0; turn < 4; turn++) {
      leader.time.runReady();
      follower.time.runReady();
    }
    brokers.runReaders();
  }

  private FetchResponse fetched(FetchRequest.Builder request) {
    return brokers.fetching(request).all().getFirst();
  }

  private boolean wasSentOn() {
    return !brokers.leadersTold().isEmpty();
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
    leader.getInSync("t", 0, leader.brokerId);
    append("b");

    FetchResponse answer = fetched(fetch(earliest("t")).setAllowFollower(true));

    assertThat(Requests.values(answer)).containsExactly("a", "b");
    assertThat(wasSentOn()).isTrue();
  }

  @Test
  void aPollWaitsForTheFollowersWatermark() {
    Answers<FetchResponse> poll =
        brokers.fetching(fetch(at("t", 0)).setAllowFollower(true).setMaxWaitMs(10_000));
    append("a");
    brokers.runReaders();
    assertThat(poll.soFar()).isEmpty();

    replicate();

    assertThat(Requests.values(poll.all().getFirst())).containsExactly("a");
    assertThat(wasSentOn()).isFalse();
  }

  /** Nothing more is appended that could tell the follower of the watermark. */
  @Test
  void theLastRecordIsReadToo() {
    append("a");
    Answers<ReadResponse> stream = brokers.reading(read(at("t", 0)).setAllowFollower(true));
    replicate();
    append("b");
    replicate();

    assertThat(Requests.values(stream.soFar())).containsExactly("a", "b");
  }

  @Test
  void anOffsetThatItHasNotGotIsForTheLeaderToJudge() {
    append("a", "b");

    assertThat(fetched(fetch(at("t", 2)).setAllowFollower(true)).getPartitions(0).getNextOffset())
        .isEqualTo(2);
    assertThat(wasSentOn()).isTrue();
    assertThat(Errors.of(brokers.fetching(fetch(at("t", 99)).setAllowFollower(true))).code())
        .isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
    assertThat(Errors.of(brokers.reading(read(at("t", 99)).setAllowFollower(true))).code())
        .isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
  }

  @Test
  void latestAndTheEndAreThoseOfItsOwnWatermark() {
    append("a");
    replicate();
    Start.Builder latest = Start.newBuilder().setLatest(Latest.getDefaultInstance());
    Answers<ReadResponse> untilEnd =
        brokers.reading(read(earliest("t")).setAllowFollower(true).setUntilEnd(true));
    Answers<ReadResponse> fromNow = brokers.reading(read(at("t", latest)).setAllowFollower(true));

    append("b");
    replicate();

    assertThat(Requests.values(untilEnd.all())).containsExactly("a");
    assertThat(Requests.values(fromNow.soFar())).containsExactly("b");
  }

  @Test
  void aStreamEndsWhenItIsNoLongerInSyncAndGoesOnByWayOfTheLeader() {
    append("a");
    replicate();
    Answers<ReadResponse> stream = brokers.reading(read(earliest("t")).setAllowFollower(true));
    assertThat(Requests.values(stream.soFar())).containsExactly("a");

    leader.getInSync("t", 0, leader.brokerId);
    brokers.runReaders();
    assertThat(Errors.of(stream).code()).isEqualTo(ErrorCode.NOT_LEADER);

    append("b");
    stream = brokers.reading(read(at("t", 1)).setAllowFollower(true));
    assertThat(Requests.values(stream.soFar())).containsExactly("b");
  }

  /** A reader may hear sooner than the broker that it is in sync again. */
  @Test
  void aStreamThatWasSentOnToTheLeaderComesBackWhenTheFollowerIsInSync() {
    leader.getInSync("t", 0, leader.brokerId);
    append("a");
    Answers<ReadResponse> stream = brokers.reading(read(earliest("t")).setAllowFollower(true));
    assertThat(Requests.values(stream.soFar())).containsExactly("a");

    replicate();
    leader.getInSync("t", 0, leader.brokerId, follower.brokerId);
    follower.time.advanceMs(10_000);
    brokers.runReaders();

    ReadResponse last = stream.all().getLast();
    assertThat(last.getDrain().getPositions(0).getNextOffset()).isEqualTo(1);
    leader.close();
    assertThat(Requests.values(brokers.reading(read(earliest("t")).setAllowFollower(true)).soFar()))
        .containsExactly("a");
  }

  @Test
  void aPollEndsWhenItIsNoLongerInSync() {
    Answers<FetchResponse> poll =
        brokers.fetching(fetch(at("t", 0)).setAllowFollower(true).setMaxWaitMs(10_000));

    leader.getInSync("t", 0, leader.brokerId);
    brokers.runReaders();

    assertThat(Errors.of(poll).code()).isEqualTo(ErrorCode.NOT_LEADER);
  }

  @Test
  void aStreamEndsWithItsLeadersEpochAndGoesOnInTheNext() {
    append("a", "b");
    replicate();
    Answers<ReadResponse> stream = brokers.reading(read(earliest("t")).setAllowFollower(true));
    assertThat(Requests.values(stream.soFar())).containsExactly("a", "b");

    leader.fenceBroker(leader.brokerId);
    brokers.runReaders();
    assertThat(Errors.of(stream).code()).isEqualTo(ErrorCode.NOT_LEADER);

    var _ = follower.produce().produce(produce("t", "c").build());
    stream = brokers.reading(read(at("t", 2)).setAllowFollower(true));
    assertThat(Requests.values(stream.soFar())).containsExactly("c");
  }
}
