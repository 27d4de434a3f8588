package io.funes.server.api;

import static io.funes.server.api.Requests.at;
import static io.funes.server.api.Requests.earliest;
import static io.funes.server.api.Requests.fetch;
import static org.assertj.core.api.Assertions.assertThat;

import io.funes.proto.v1.FetchResponse;
import io.funes.proto.v1.FetchServiceGrpc;
import io.funes.proto.v1.ReadRequest;
import io.funes.proto.v1.ReadResponse;
import io.funes.server.testing.Answers;
import io.funes.server.testing.ServicesFixture;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers for whom there is nothing, at a broker that stops: it should not wait for them. */
class DrainedReadersTest {
  @TempDir Path folder;
  private ServicesFixture services;

  @BeforeEach
  void start() {
    services = ServicesFixture.in(folder);
    services.createTopic("t", Map.of());
  }

  @AfterEach
  void stop() {
    services.close();
  }

  private Answers<FetchResponse> poll() {
    Answers<FetchResponse> poll = new Answers<>();
    services.fetch().fetch(fetch(earliest("t")).setMaxWaitMs(300_000).build(), poll);
    services.readers.runReady();
    return poll;
  }

  private Answers<ReadResponse> read() {
    Answers<ReadResponse> frames = new Answers<>();
    FetchServiceGrpc.newStub(services.channel())
        .read(frames)
        .onNext(ReadRequest.newBuilder().addTopics(earliest("t")).build());
    services.readers.runReady();
    return frames;
  }

  @Test
  void aPollIsAnsweredBeforeItsTime() {
    Answers<FetchResponse> poll = poll();
    assertThat(poll.soFar()).isEmpty();

    services.drainReaders();
    services.readers.runReady();

    assertThat(poll.all().getFirst().getPartitions(0).getBatchesCount()).isZero();
  }

  @Test
  void aPollThatComesLateIsAnsweredAtOnce() {
    services.drainReaders();

    assertThat(poll().all()).hasSize(1);
  }

  @Test
  void aPollThatWaitsAtOtherBrokersIsAnsweredBeforeItsTimeToo() {
    try (TwoBrokers brokers = TwoBrokers.leadingOneEach(folder.resolve("two"))) {
      Answers<FetchResponse> whole =
          brokers.fetching(fetch(at("t", brokers.far, 0)).setMaxWaitMs(300_000));
      Answers<FetchResponse> inParts = brokers.fetching(fetch(earliest("t")).setMaxWaitMs(300_000));
      assertThat(whole.soFar()).isEmpty();
      assertThat(inParts.soFar()).isEmpty();

      brokers.asked.drainReaders();
      brokers.runReaders();

      assertThat(whole.all().getFirst().getPartitions(0).getBatchesCount()).isZero();
      assertThat(inParts.all().getFirst().getPartitionsCount()).isEqualTo(2);
    }
  }

  @Test
  void aPollOfAnotherBrokersPartitionThatComesLateIsAnsweredAtOnceToo() {
    try (TwoBrokers brokers = TwoBrokers.leadingOneEach(folder.resolve("two"))) {
      brokers.asked.drainReaders();

      assertThat(brokers.fetching(fetch(at("t", brokers.far, 0)).setMaxWaitMs(300_000)).all())
          .hasSize(1);
    }
  }

  /** Sent away from here, a reader may come back before the broker takes no more calls. */
  @Test
  void aReadThatComesLateIsSentAwayToo() {
    services.drainReaders();

    assertThat(read().all().getLast().hasDrain()).isTrue();
  }
}
