package io.funes.server.api.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.proto.v1.PartitionBatches;
import io.funes.server.common.PartitionId;
import io.funes.server.common.TopicId;
import io.funes.server.log.LogSlice;
import io.funes.server.log.PartitionLog;
import io.funes.server.log.TimedOffset;
import io.funes.server.replication.ReadablePartition;
import io.funes.server.testing.ManualScheduler;
import io.funes.server.testing.TestBatch;
import io.funes.server.testing.TestEnvironment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A log that changes between the look at it and the answer. */
class CursorTest {
  private static final PartitionId ID = new PartitionId(new TopicId(new UUID(1, 2)), 0);

  private final ManualScheduler time = new ManualScheduler();
  private PartitionLog log;

  @BeforeEach
  void open() throws IOException {
    log = TestEnvironment.at(time).openLog(ID, 1);
    log.append(TestBatch.of("a").entry(), 1, 0);
    log.append(TestBatch.of("b").entry(), 1, 0);
  }

  /** All of a log, without a role. */
  private record AllOf(PartitionLog log) implements ReadablePartition {
    @Override
    public PartitionId id() {
      return ID;
    }

    @Override
    public long logStartOffset() {
      return log.logStartOffset();
    }

    @Override
    public long highWatermark() {
      return log.logEndOffset();
    }

    @Override
    public LogSlice read(long offset, int bytesMax, long limitOffset) {
      try {
        return log.read(offset, bytesMax, limitOffset);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Optional<TimedOffset> offsetForTime(long timestampMs) {
      return Optional.empty();
    }

    @Override
    public void watch(Runnable watcher) {}

    @Override
    public void unwatch(Runnable watcher) {}
  }

  private interface Change {
    void make() throws IOException;
  }

  private PartitionBatches answerAfter(Change change) throws IOException {
    Cursor cursor = new Cursor("t", new AllOf(log), 0, Long.MAX_VALUE);
    try (LogSlice slice = cursor.peek(1 << 20)) {
      change.make();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      cursor.take(slice, new SliceCodecs(List.of()), 0).fields().writeTo(out);
      return PartitionBatches.parseFrom(out.toByteArray());
    }
  }

  /** A consumer would take it for lost records (KAFKA-7104). */
  @Test
  void whatIsSentLiesWithinTheBoundsThatAreSentWithIt() throws IOException {
    PartitionBatches begunAnew = answerAfter(() -> log.restartAt(50));

    assertThat(begunAnew.getNextOffset()).isEqualTo(2);
    assertThat(begunAnew.getLogStartOffset()).isZero();
  }

  @Test
  void theWatermarkIsNotBelowWhatIsSent() throws IOException {
    PartitionBatches cut = answerAfter(() -> log.truncateTo(0));

    assertThat(cut.getNextOffset()).isEqualTo(2);
    assertThat(cut.getHighWatermark()).isEqualTo(2);
  }
}
