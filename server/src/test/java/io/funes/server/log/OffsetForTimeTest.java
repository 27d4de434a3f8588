package io.funes.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.record.Codec;
import io.funes.server.testing.TestBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OffsetForTimeTest {
  @TempDir Path folder;
  private LogFixture f;

  @BeforeEach
  void open() throws IOException {
    f = LogFixture.opened(folder);
  }

  @AfterEach
  void close() throws IOException {
    f.close();
  }

  @Test
  void anEmptyLogHasNoTimes() throws IOException {
    assertThat(f.log.offsetForTime(0)).isEmpty();
  }

  @Test
  void theRecordIsFoundInsideItsBatch() throws IOException {
    f.append(TestBatch.of("a", "b", "c").timesMs(100, 300, 200));
    f.append(TestBatch.of("d", "e").timeMs(250).timesMs(150));

    assertThat(f.log.offsetForTime(0)).hasValue(new TimedOffset(0, 100));
    assertThat(f.log.offsetForTime(101)).hasValue(new TimedOffset(1, 300));
    assertThat(f.log.offsetForTime(300)).hasValue(new TimedOffset(1, 300));
    assertThat(f.log.offsetForTime(301)).isEmpty();
  }

  @Test
  void theRecordIsFoundInsideACompressedBatch() throws IOException {
    for (Codec codec : Codec.values()) {
      long base = f.log.logEndOffset();
      long time = 1000 * (base + 1);
      f.append(TestBatch.of("a", "b").timesMs(time, time + 100).codec(codec));

      assertThat(f.log.offsetForTime(time + 50)).hasValue(new TimedOffset(base + 1, time + 100));
    }
  }

  @Test
  void theAppendTimeCountsWhereThereIsOne() throws IOException {
    f.log.append(TestBatch.of("a", "b").timesMs(1, 2).entry(), 0, 5000);

    assertThat(f.log.offsetForTime(4000)).hasValue(new TimedOffset(0, 5000));
    assertThat(f.log.offsetForTime(5001)).isEmpty();
  }

  @Test
  void everyTimeIsFoundAcrossSegmentsWhateverTheOrder() throws IOException {
    f.segmentBytes(2000);
    Random random = new Random(7);
    List<Long> times = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      long first = 1000L + 5L * i + random.nextInt(200);
      long second = 1000L + random.nextInt(5 * i + 200);
      f.append(TestBatch.of("a", "b").timesMs(first, second));
      times.add(first);
      times.add(second);
    }
    for (int round = 0; round < 2; round++) {
      for (long time = 900; time < 2800; time += 7) {
        assertThat(f.log.offsetForTime(time)).as("time %d", time).isEqualTo(first(times, time));
      }
      f.restart();
    }
  }

  private static Optional<TimedOffset> first(List<Long> times, long wanted) {
    for (int i = 0; i < times.size(); i++) {
      if (times.get(i) >= wanted) {
        return Optional.of(new TimedOffset(i, times.get(i)));
      }
    }
    return Optional.empty();
  }
}
