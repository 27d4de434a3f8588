package io.funes.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.proto.v1.RecordBatch;
import io.funes.server.common.ThreadScheduler;
import io.funes.server.common.Ticker;
import io.funes.server.log.file.ChannelSegmentFiles;
import io.funes.server.testing.MemoryProducerCheckpoints;
import io.funes.server.testing.TestBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One writer, readers and housekeeping at the same time, on real files and threads. */
@Timeout(60)
class LogThreadsTest {
  private static final int BATCHES = 20_000;

  @TempDir Path folder;
  private final ThreadScheduler scheduler = new ThreadScheduler("test", 1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private PartitionLog log;
  private volatile int appended;

  @BeforeEach
  void open() throws IOException {
    LogConfig config = new LogConfig(64 << 10, 3_600_000, -1, 1 << 20, 4096);
    LogEnvironment environment =
        new LogEnvironment(
            Ticker.system(),
            scheduler,
            new ChannelSegmentFiles(),
            new MemoryProducerCheckpoints(),
            10,
            1_000_000);
    log = PartitionLog.open(folder.resolve("log"), LogFixture.PARTITION, config, environment, 0);
  }

  @AfterEach
  void close() throws IOException {
    threads.shutdownNow();
    log.close();
    scheduler.close();
  }

  @Test
  void readersSeeEveryOffsetOnceAndInOrder() throws Exception {
    List<Future<?>> work = new ArrayList<>();
    work.add(threads.submit(appending()));
    work.add(threads.submit(reading(300)));
    work.add(threads.submit(reading(100_000)));
    work.add(threads.submit(flushing()));
    work.add(threads.submit(retaining()));

    for (Future<?> each : work) {
      each.get(50, TimeUnit.SECONDS);
    }

    assertThat(log.logEndOffset()).isEqualTo(2 * BATCHES);
    assertThat(log.logStartOffset()).isPositive();
  }

  @Test
  void retentionTakesNoRecordThatCameMeanwhile() throws Exception {
    log.configure(new LogConfig(64 << 10, 3_600_000, 0, -1, 4096));
    Future<Void> appends = threads.submit(appending());
    while (!appends.isDone()) {
      int old = appended;

      log.applyRetention(old + 1, log.logEndOffset());

      assertThat(log.logStartOffset())
          .as("only %d batches are old", old)
          .isLessThanOrEqualTo(2L * old);
    }
    appends.get();
  }

  private Callable<Void> appending() {
    return () -> {
      for (int i = 0; i < BATCHES; i++) {
        log.append(TestBatch.of("a", "b").timeMs(i + 1).entry(), i / 1000, 0);
        appended = i + 1;
      }
      return null;
    };
  }

  private Callable<Void> reading(int bytesMax) {
    return () -> {
      long next = 0;
      while (next < 2 * BATCHES) {
        try {
          LogSlice slice = log.read(next, bytesMax, Long.MAX_VALUE);
          for (RecordBatch batch : LogFixture.batches(slice)) {
            assertThat(batch.getBaseOffset()).isEqualTo(next);
            next += batch.getRecordCount();
          }
          assertThat(slice.nextOffset()).isEqualTo(next);
        } catch (OffsetGone e) {
          next = e.logStartOffset();
        }
      }
      return null;
    };
  }

  private Callable<Void> flushing() {
    return () -> {
      while (log.flushedOffset() < 2 * BATCHES) {
        long end = log.logEndOffset();
        if (end % 7 == 0) {
          log.checkpoint();
        }
        log.flush();
        assertThat(log.flushedOffset()).isGreaterThanOrEqualTo(end);
      }
      return null;
    };
  }

  private Callable<Void> retaining() {
    return () -> {
      while (log.logEndOffset() < 2 * BATCHES) {
        log.applyRetention(0, log.logEndOffset());
        long end = log.logEndOffset();
        Optional<TimedOffset> last = log.offsetForTime(end / 2);
        assertThat(last.map(TimedOffset::offset))
            .isEqualTo(end == 0 ? last.map(o -> 0L) : Optional.of(end - 2));
      }
      log.applyRetention(0, log.logEndOffset());
      return null;
    };
  }
}
