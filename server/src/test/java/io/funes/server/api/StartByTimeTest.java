package io.funes.server.api;

import static io.funes.server.api.Requests.at;
import static io.funes.server.api.Requests.fetch;
import static io.funes.server.api.Requests.produce;
import static io.funes.server.api.Requests.read;
import static io.funes.server.api.Requests.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.funes.proto.v1.FetchResponse;
import io.funes.proto.v1.ListOffsetsRequest;
import io.funes.proto.v1.ListOffsetsResponse;
import io.funes.proto.v1.ReadRequest;
import io.funes.proto.v1.ReadResponse;
import io.funes.proto.v1.Start;
import io.funes.proto.v1.TopicStart;
import io.funes.server.testing.Answers;
import io.funes.server.testing.ServicesFixture;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A start by time takes a look at the disk, which is for reader threads: here they run when the
 * test says so, and this thread is the network's.
 */
class StartByTimeTest {
  private static final TopicStart FROM_2000 = at("t", Start.newBuilder().setTimestampMs(2_000));

  @TempDir Path folder;
  private ServicesFixture services;
  private long readBefore;

  @BeforeEach
  void start() {
    services = ServicesFixture.in(folder);
    services.createTopic("t", Map.of());
    for (long time : new long[] {1_000, 2_000, 3_000}) {
      var _ =
          services
              .produce()
              .produce(
                  produce("t")
                      .addRecords(record("at " + time).toBuilder().setTimestampMs(time))
                      .build());
    }
    readBefore = services.disk.bytesRead();
  }

  @AfterEach
  void stop() {
    services.close();
  }

  private void assertNothingWasRead() {
    assertThat(services.disk.bytesRead()).as("bytes read on this thread").isEqualTo(readBefore);
  }

  @Test
  void aFetchLooksItUpOnAReaderThread() {
    Answers<FetchResponse> answer = new Answers<>();

    services.fetch().fetch(fetch(FROM_2000).build(), answer);

    assertNothingWasRead();
    services.readers.runReady();
    assertThat(Requests.values(answer.soFar().getFirst())).containsExactly("at 2000", "at 3000");
  }

  @Test
  void aReadStreamLooksItUpOnAReaderThread() {
    Answers<ReadResponse> frames = new Answers<>();

    StreamObserver<ReadRequest> requests = services.fetch().read(frames);
    requests.onNext(read(FROM_2000).build());

    assertNothingWasRead();
    services.readers.runReady();
    assertThat(Requests.values(frames.soFar().getFirst().getBatches()))
        .containsExactly("at 2000", "at 3000");
  }

  @Test
  void listOffsetsLooksItUpOnAReaderThread() {
    Answers<ListOffsetsResponse> answer = new Answers<>();

    services
        .fetch()
        .listOffsets(ListOffsetsRequest.newBuilder().addTopics(FROM_2000).build(), answer);

    assertNothingWasRead();
    services.readers.runReady();
    assertThat(answer.soFar().getFirst().getOffsets(0).getOffset()).isEqualTo(1);
  }

  @Test
  void aCallThatIsCancelledBeforeItsStartIsKnownLeavesNothingBehind() {
    Answers<ReadResponse> frames = new Answers<>();
    StreamObserver<ReadRequest> requests = services.fetch().read(frames);
    requests.onNext(read(FROM_2000).build());

    requests.onError(new java.util.concurrent.CancellationException());
    services.readers.runReady();
    var _ = services.produce().produce(produce("t", "later").build());

    assertNothingWasRead();
    services.readers.runReady();
    assertNothingWasRead();
    assertThat(frames.soFar()).isEmpty();
  }
}
