package io.funes.server.api;

import static io.funes.server.api.Requests.at;
import static io.funes.server.api.Requests.earliest;
import static io.funes.server.api.Requests.read;
import static io.funes.server.api.Requests.with;
import static io.funes.server.api.TwoBrokers.appends;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.funes.proto.v1.Credits;
import io.funes.proto.v1.ReadPosition;
import io.funes.proto.v1.ReadResponse;
import io.funes.server.common.ErrorCode;
import io.funes.server.routing.Caller;
import io.funes.server.testing.Answers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams of what other brokers lead than the one that is asked. */
class ForwardedReadTest {
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
  void aReadStreamBringsWhatAllLeadersHaveAndWillHave() {
    appends(brokers.asked.produce(), brokers.toOwn("here"));
    appends(brokers.asked.produce(), brokers.toFar("there"));

    Answers<ReadResponse> stream = brokers.reading(read(earliest("t")));
    assertThat(Requests.values(stream.soFar())).containsExactlyInAnyOrder("here", "there");

    appends(brokers.other.produce(), brokers.toFar("new"));
    brokers.runReaders();
    assertThat(Requests.values(stream.soFar())).hasSize(3).endsWith("new");
  }

  @Test
  void aReadStreamEndsWhereAllLeadersEnd() {
    appends(brokers.asked.produce(), brokers.toOwn("here"));
    appends(brokers.asked.produce(), brokers.toFar("there"));

    Answers<ReadResponse> stream = brokers.reading(read(earliest("t")).setUntilEnd(true));

    assertThat(Requests.values(stream.all())).containsExactlyInAnyOrder("here", "there");
  }

  @Test
  void aReadStreamSendsNoMoreThanItsReaderHasCreditFor() {
    for (int i = 0; i < 10; i++) {
      appends(brokers.asked.produce(), brokers.toFar("v" + i));
    }
    Answers<ReadResponse> stream =
        brokers.reading(
            read(at("t", brokers.far, 0))
                .setMaxFrameBytes(1)
                .setCredits(Credits.newBuilder().setRecords(3).setBytes(1_000_000)));
    assertThat(Requests.values(stream.soFar())).containsExactly("v0", "v1", "v2");

    brokers.grant(2);
    assertThat(Requests.values(stream.soFar())).hasSize(5).endsWith("v4");
  }

  @Test
  void aHeartbeatNamesTheReadersPlaceAtEachLeader() {
    appends(brokers.asked.produce(), brokers.toFar("x"));
    Answers<ReadResponse> stream = brokers.reading(read(earliest("t")));

    for (int second = 0; second < 10; second++) {
      brokers.other.time.advanceMs(1_000);
      brokers.asked.time.advanceMs(1_000);
      brokers.runReaders();
    }

    List<ReadPosition> positions = stream.soFar().getLast().getHeartbeat().getPositionsList();
    assertThat(positions)
        .extracting(ReadPosition::getPartition, ReadPosition::getNextOffset)
        .containsExactlyInAnyOrder(tuple(brokers.own, 0L), tuple(brokers.far, 1L));
  }

  @Test
  void anErrorOfALeaderIsTheErrorOfTheReadStream() {
    Answers<ReadResponse> stream = brokers.reading(read(at("t", brokers.far, 99)));

    assertThat(Errors.of(stream).code()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
  }

  @Test
  void aReadStreamEndsWithItsLeader() {
    Answers<ReadResponse> stream = brokers.reading(read(at("t", brokers.far, 0)));

    brokers.other.close();
    brokers.runReaders();

    assertThat(Errors.of(stream).code()).isEqualTo(ErrorCode.BROKER_UNAVAILABLE);
  }

  @Test
  void aReadStreamThatWasSentOnIsRefusedWithTheLeadersAddress() {
    Answers<ReadResponse> answer = new Answers<>();
    with(brokers.asked.fetch(), Caller.FORWARDED, "1")
        .read(answer)
        .onNext(read(at("t", brokers.far, 0)).build());
    brokers.runReaders();

    Errors error = Errors.of(answer);
    assertThat(error.code()).isEqualTo(ErrorCode.NOT_LEADER);
    assertThat(error.metadata()).containsEntry("leader_address", brokers.other.address);
  }
}
