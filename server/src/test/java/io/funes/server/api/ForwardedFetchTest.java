package io.funes.server.api;

import static io.funes.server.api.Requests.at;
import static io.funes.server.api.Requests.earliest;
import static io.funes.server.api.Requests.fetch;
import static io.funes.server.api.TwoBrokers.appends;
import static org.assertj.core.api.Assertions.assertThat;

import io.funes.proto.v1.FetchResponse;
import io.funes.proto.v1.Latest;
import io.funes.proto.v1.ListOffsetsRequest;
import io.funes.proto.v1.ListOffsetsResponse;
import io.funes.proto.v1.PartitionBatches;
import io.funes.proto.v1.PartitionOffset;
import io.funes.proto.v1.Start;
import io.funes.proto.v1.TopicStart;
import io.funes.server.common.ErrorCode;
import io.funes.server.testing.Answers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that leads half of a topic is asked for all of it, or for the other half. */
class ForwardedFetchTest {
  @TempDir Path folder;
  private TwoBrokers brokers;

  @BeforeEach
  void start() {
    brokers = TwoBrokers.leadingOneEach(folder);
  }

  @AfterEach
  void stop() {
    brokers.close();
  }

  @Test
  void aFetchOfOnePartitionIsAnsweredByItsLeader() {
    appends(brokers.other.produce(), brokers.toFar("x"));

    FetchResponse answer = brokers.fetching(fetch(at("t", brokers.far, 0))).all().getFirst();

    assertThat(Requests.values(answer)).containsExactly("x");
    assertThat(brokers.leadersTold()).containsExactly(brokers.other.address);
  }

  @Test
  void aFetchOfAllPartitionsBringsThemInOrder() {
    appends(brokers.asked.produce(), brokers.toOwn("here"));
    appends(brokers.asked.produce(), brokers.toFar("there"));

    FetchResponse answer = brokers.fetching(fetch(earliest("t"))).all().getFirst();

    assertThat(answer.getPartitionsList())
        .extracting(PartitionBatches::getPartition)
        .containsExactly(0, 1);
    assertThat(Requests.values(answer)).containsExactlyInAnyOrder("here", "there");
    assertThat(brokers.leadersTold())
        .containsExactlyInAnyOrder(brokers.asked.address, brokers.other.address);
  }

  @Test
  void aFetchOfSeveralLeadersWaitsForTheFirstThatHasSomething() {
    Start.Builder latest = Start.newBuilder().setLatest(Latest.getDefaultInstance());
    Answers<FetchResponse> waiting =
        brokers.fetching(
            fetch(TopicStart.newBuilder().setTopic("t").setStart(latest).build())
                .setMaxWaitMs(10_000));
    assertThat(waiting.soFar()).isEmpty();

    appends(brokers.other.produce(), brokers.toFar("new"));
    brokers.runReaders();

    assertThat(Requests.values(waiting.all().getFirst())).containsExactly("new");
  }

  @Test
  void aFetchOfSeveralLeadersTakesNoMoreThanWasAskedFor() {
    for (int i = 0; i < 10; i++) {
      appends(brokers.asked.produce(), brokers.toOwn("here".repeat(50)));
      appends(brokers.asked.produce(), brokers.toFar("there".repeat(50)));
    }

    FetchResponse answer =
        brokers.fetching(fetch(earliest("t")).setMaxBytes(1_200)).all().getFirst();

    assertThat(answer.getSerializedSize()).isLessThan(1_300);
    assertThat(answer.getPartitionsList())
        .allSatisfy(partition ->
            assertThat(partition.getNextOffset()).isEqualTo(Requests.values(partition).size()));
  }

  @Test
  void anErrorOfOneLeaderIsTheErrorOfTheFetch() {
    Errors error =
        Errors.of(brokers.fetching(fetch(at("t", brokers.own, 0), at("t", brokers.far, 99))));

    assertThat(error.code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
  }

  @Test
  void offsetsComeFromAllLeaders() {
    appends(brokers.asked.produce(), brokers.toFar("x"));
    Answers<ListOffsetsResponse> answer = new Answers<>();
    brokers
        .asked
        .fetch()
        .listOffsets(
            ListOffsetsRequest.newBuilder()
                .addTopics(
                    TopicStart.newBuilder()
                        .setTopic("t")
                        .setStart(Start.newBuilder().setLatest(Latest.getDefaultInstance())))
                .build(),
            answer);
    brokers.runReaders();

    List<PartitionOffset> offsets = answer.all().getFirst().getOffsetsList();
    assertThat(offsets).extracting(PartitionOffset::getPartition).containsExactly(0, 1);
    assertThat(offsets.get(brokers.far).getOffset()).isEqualTo(1);
    assertThat(offsets.get(brokers.own).getOffset()).isZero();
  }
}
