package io.funes.server.api;

import static io.funes.server.api.Requests.at;
import static io.funes.server.api.Requests.compressed;
import static io.funes.server.api.Requests.earliest;
import static io.funes.server.api.Requests.produce;
import static io.funes.server.api.Requests.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.funes.proto.v1.Credits;
import io.funes.proto.v1.DeleteTopicRequest;
import io.funes.proto.v1.FetchServiceGrpc;
import io.funes.proto.v1.Latest;
import io.funes.proto.v1.PartitionBatches;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.ReadPosition;
import io.funes.proto.v1.ReadRequest;
import io.funes.proto.v1.ReadResponse;
import io.funes.proto.v1.Start;
import io.funes.server.common.ErrorCode;
import io.funes.server.record.Codec;
import io.funes.server.testing.BrokerFixture;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code Read} streams: what is pushed, when, and how they end. */
class ReadStreamTest {
  @TempDir Path folder;
  private BrokerFixture broker;

  @BeforeEach
  void start() {
    broker = BrokerFixture.in(folder, Map.of("heartbeat.interval.ms", "200"));
    broker.createTopic("t", 1, Map.of());
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  /** The client's side of one stream. */
  private final class Reader implements StreamObserver<ReadResponse> {
    private final LinkedBlockingQueue<ReadResponse> frames = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final StreamObserver<ReadRequest> requests =
        FetchServiceGrpc.newStub(broker.channel()).read(this);

    Reader(ReadRequest.Builder bind) {
      requests.onNext(bind.build());
    }

    /** The next frame of this kind; others that come before it are dropped. */
    ReadResponse next(Predicate<ReadResponse> wanted) {
      try {
        ReadResponse frame;
        do {
          frame = frames.poll(10, TimeUnit.SECONDS);
          assertThat(frame).as("a frame within 10 seconds").isNotNull();
        } while (!wanted.test(frame));
        return frame;
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    /** So many values, with whatever heartbeats come between. */
    List<String> values(int count) {
      List<String> values = new ArrayList<>();
      while (values.size() < count) {
        values.addAll(Requests.values(next(ReadResponse::hasBatches).getBatches()));
      }
      return values;
    }

    /** All values up to the next heartbeat. */
    List<String> valuesUntilSilent() {
      List<String> values = new ArrayList<>();
      ReadResponse frame = next(f -> true);
      while (frame.hasBatches()) {
        values.addAll(Requests.values(frame.getBatches()));
        frame = next(f -> true);
      }
      return values;
    }

    void grant(long records, long bytes) {
      requests.onNext(ReadRequest.newBuilder().setCredits(credits(records, bytes)).build());
    }

    void awaitOk() {
      end.orTimeout(10, TimeUnit.SECONDS).join();
    }

    Errors error() {
      try {
        awaitOk();
      } catch (CompletionException e) {
        return Errors.of(e.getCause());
      }
      throw new AssertionError("the stream ended with OK");
    }

    @Override
    public void onNext(ReadResponse frame) {
      frames.add(frame);
    }

    @Override
    public void onError(Throwable error) {
      end.completeExceptionally(error);
    }

    @Override
    public void onCompleted() {
      end.complete(null);
    }
  }

  private static Credits credits(long records, long bytes) {
    return Credits.newBuilder().setRecords(records).setBytes(bytes).build();
  }

  private void send(String... values) {
    broker.produce().produce(produce("t", values).build());
  }

  @Test
  void batchesArePushedAsTheyCome() {
    send("a", "b");
    Reader reader = new Reader(read(earliest("t")));
    assertThat(reader.values(2)).containsExactly("a", "b");

    send("c");

    PartitionBatches pushed = reader.next(ReadResponse::hasBatches).getBatches();
    assertThat(Requests.values(pushed)).containsExactly("c");
    assertThat(pushed.getTopic()).isEqualTo("t");
    assertThat(pushed.getNextOffset()).isEqualTo(3);
    assertThat(pushed.getHighWatermark()).isEqualTo(3);
  }

  @Test
  void aStreamBeginsWhereItIsTold() {
    for (int i = 0; i < 4; i++) {
      broker
          .produce()
          .produce(
              produce("t")
                  .addRecords(Requests.record("v" + i).toBuilder().setTimestampMs(1000L * i))
                  .build());
    }

    assertThat(new Reader(read(at("t", 2))).values(2)).containsExactly("v2", "v3");
    Start.Builder time = Start.newBuilder().setTimestampMs(500);
    assertThat(new Reader(read(at("t", time))).values(3)).containsExactly("v1", "v2", "v3");
    Reader latest =
        new Reader(read(at("t", Start.newBuilder().setLatest(Latest.getDefaultInstance()))));
    assertThat(latest.next(ReadResponse::hasHeartbeat).getHeartbeat().getPositions(0))
        .extracting(ReadPosition::getNextOffset)
        .isEqualTo(4L);
    send("v4");
    assertThat(latest.values(1)).containsExactly("v4");
  }

  @Test
  void anOffsetOutOfRangeEndsTheStream() {
    assertThat(new Reader(read(at("t", 5))).error().code())
        .isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
  }

  @Test
  void untilEndStopsAtTheHighWatermarkOfTheStart() {
    broker.createTopic("two", 2, Map.of());
    broker.produce().produce(produce("two", "a").build());
    broker.produce().produce(produce("two", "b").setPartition(1).build());
    send("c");

    Reader reader = new Reader(read(earliest("two"), earliest("t")).setUntilEnd(true));

    assertThat(reader.values(3)).containsExactlyInAnyOrder("a", "b", "c");
    reader.awaitOk();
    new Reader(read(at("t", 1)).setUntilEnd(true)).awaitOk();
  }

  @Test
  void creditsOfRecordsAndBytesAddUp() {
    for (int i = 0; i < 6; i++) {
      send("v" + i);
    }
    Reader reader =
        new Reader(read(earliest("t")).setMaxFrameBytes(1).setCredits(credits(1, 1 << 20)));
    assertThat(reader.valuesUntilSilent()).containsExactly("v0");

    reader.grant(2, 0);
    assertThat(reader.values(2)).containsExactly("v1", "v2");
    assertThat(reader.valuesUntilSilent()).isEmpty();

    reader.grant(1, 0);
    reader.grant(1, 0);
    assertThat(reader.values(2)).containsExactly("v3", "v4");
    assertThat(reader.valuesUntilSilent()).isEmpty();
  }

  @Test
  void bytesMayGoBelowZeroAndAreOwed() {
    send("x".repeat(500));
    send("y");
    Reader reader = new Reader(read(earliest("t")).setMaxFrameBytes(1).setCredits(credits(100, 1)));
    assertThat(reader.values(1)).hasSize(1);

    reader.grant(0, 100);
    assertThat(reader.valuesUntilSilent()).isEmpty();
    reader.grant(0, 1_000);
    assertThat(reader.values(1)).containsExactly("y");
  }

  @Test
  void withoutCreditsOnlyHeartbeatsCome() {
    send("a");
    Reader reader = new Reader(read(earliest("t")).setCredits(credits(0, 0)));

    for (int i = 0; i < 3; i++) {
      ReadResponse frame = reader.next(f -> true);
      assertThat(frame.hasHeartbeat()).isTrue();
      ReadPosition position = frame.getHeartbeat().getPositions(0);
      assertThat(position.getNextOffset()).isZero();
      assertThat(position.getHighWatermark()).isEqualTo(1);
    }
    reader.grant(1, 1);
    assertThat(reader.values(1)).containsExactly("a");
  }

  @Test
  void creditsForAStreamWithoutLimitAreRefused() {
    Reader reader = new Reader(read(earliest("t")));
    reader.grant(1, 1);
    assertThat(reader.error().code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);

    Reader negative = new Reader(read(earliest("t")).setCredits(credits(0, 0)));
    negative.grant(-1, 0);
    assertThat(negative.error().code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void halfClosingOnlyMeansThatNoMoreCreditsCome() {
    Reader reader = new Reader(read(earliest("t")));
    reader.requests.onCompleted();

    send("a");

    assertThat(reader.values(1)).containsExactly("a");
  }

  @Test
  void aDeletedTopicEndsTheStream() {
    Reader reader = new Reader(read(earliest("t")));
    reader.next(ReadResponse::hasHeartbeat);

    broker.topics().deleteTopic(DeleteTopicRequest.newBuilder().setName("t").build());

    assertThat(reader.error().code()).isEqualTo(ErrorCode.UNKNOWN_TOPIC);
  }

  @Test
  void aStoppingBrokerSendsItsReadersAwayWithTheirPositions() {
    send("a", "b");
    Reader reader = new Reader(read(earliest("t")));
    reader.values(2);

    broker.stopBroker();

    ReadResponse drain = reader.next(ReadResponse::hasDrain);
    assertThat(drain.getDrain().getPositions(0))
        .isEqualTo(
            ReadPosition.newBuilder().setTopic("t").setNextOffset(2).setHighWatermark(2).build());
    reader.awaitOk();
  }

  @Test
  void framesHoldWholeBatchesAndAtLeastOne() {
    send("a".repeat(3_000), "b");
    send("c");

    Reader reader = new Reader(read(at("t", 1)).setMaxFrameBytes(10).setUntilEnd(true));

    PartitionBatches first = reader.next(ReadResponse::hasBatches).getBatches();
    assertThat(first.getBatchesCount()).isEqualTo(1);
    assertThat(Requests.values(first)).containsExactly("b");
    assertThat(reader.values(1)).containsExactly("c");
    reader.awaitOk();
  }

  @Test
  void compressedBatchesAreReadInEitherForm() {
    ProduceRequest.Builder zipped = produce("t", compressed(Codec.LZ4, "a", "b"));
    broker.produce().produce(zipped.build());

    Reader plain = new Reader(read(earliest("t")).setUntilEnd(true));
    Reader able =
        new Reader(read(earliest("t")).addAcceptedCodecsValue(Codec.LZ4.id()).setUntilEnd(true));

    assertThat(plain.values(2)).containsExactly("a", "b");
    assertThat(
            able.next(ReadResponse::hasBatches).getBatches().getBatches(0).getCompressedRecords())
        .isEqualTo(zipped.getBatch().getCompressedRecords());
  }

  @Test
  void aStreamThatBeginsWhileRecordsComeReadsThemAll() throws Exception {
    Thread producer =
        Thread.ofVirtual()
            .start(() -> {
              while (!Thread.currentThread().isInterrupted()) {
                try {
                  send("x");
                } catch (io.grpc.StatusRuntimeException e) {
                  return;
                }
              }
            });
    try {
      for (int i = 0; i < 300; i++) {
        Reader reader =
            new Reader(read(earliest("t")).setCredits(credits(1, 1)).setMaxFrameBytes(1));
        assertThat(reader.values(1)).hasSize(1);
        reader.requests.onError(new java.util.concurrent.CancellationException());
      }
    } finally {
      producer.interrupt();
      producer.join();
    }
  }
}
