package io.funes.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.proto.v1.RecordBatch;
import io.funes.server.record.Codec;
import io.funes.server.testing.TestBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random histories against a list of batches. A failure names its seed. */
class LogModelTest {
  private static final int SEEDS = 200;
  private static final int STEPS = 40;

  @TempDir Path folder;

  @Test
  void aLogIsAListOfBatches() throws IOException {
    for (int seed = 0; seed < SEEDS; seed++) {
      try (History history = new History(seed, folder.resolve("seed" + seed))) {
        history.run();
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  /**
   * What an append has made.
   *
   * @param number how many its producer has sent with it
   */
  private record Batch(
      long baseOffset,
      int records,
      int epoch,
      long timeMs,
      boolean compressed,
      long producer,
      int sequence,
      int number) {
    long nextOffset() {
      return baseOffset + records;
    }
  }

  /** One seed's log and what it must hold. */
  private static final class History implements AutoCloseable {
    private final Random random;
    private final LogFixture f;
    private final List<Batch> batches = new ArrayList<>();
    private final Map<Long, Integer> nextSequences = new HashMap<>();
    private final Map<Long, Integer> sent = new HashMap<>();
    private final Map<Long, Integer> sentMax = new HashMap<>();
    private long startOffset;
    private int epoch = 1;

    History(int seed, Path folder) throws IOException {
      random = new Random(seed);
      f = new LogFixture(folder);
      f.config = config();
      f.open();
    }

    void run() throws IOException {
      for (int i = 0; i < STEPS; i++) {
        step();
        assertThat(f.log.logEndOffset()).isEqualTo(endOffset());
        assertThat(f.log.logStartOffset()).isEqualTo(startOffset);
        readSomewhere();
      }
      readAll();
      f.restart();
      readAll();
    }

    private void step() throws IOException {
      switch (random.nextInt(20)) {
        case 0 -> f.restart();
        case 1 -> f.kill();
        case 2 -> losePower();
        case 3 -> truncate();
        case 4 -> retain();
        case 5 -> f.log.checkpoint();
        case 6 -> f.checkpoint();
        case 7 -> flush();
        case 8 -> f.time.advanceMs(random.nextInt(3000));
        case 9 -> configure();
        case 10 -> epoch++;
        case 11 -> f.disk.writeBack();
        default -> append();
      }
      if (random.nextBoolean()) {
        f.time.runReady();
      }
    }

    private LogConfig config() {
      return new LogConfig(
          1 + random.nextInt(3000), 5000, -1, random.nextInt(5000), 1 + random.nextInt(500));
    }

    private void configure() {
      f.config = config();
      f.log.configure(f.config);
    }

    private void append() throws IOException {
      int records = 1 + random.nextInt(5);
      long timeMs = 1000L + random.nextInt(10_000);
      long producer = random.nextInt(4);
      int sequence = nextSequences.getOrDefault(producer, 0);
      TestBatch batch = TestBatch.of(records, random.nextInt(200)).timeMs(timeMs);
      if (producer != 0) {
        batch.producer(producer, 0, sequence);
      }
      boolean compressed = random.nextInt(3) == 0;
      batch.codec(compressed ? Codec.LZ4 : Codec.NONE);
      int number = sent.merge(producer, 1, Integer::sum);
      sentMax.merge(producer, number, Math::max);
      Batch expected =
          new Batch(endOffset(), records, epoch, timeMs, compressed, producer, sequence, number);

      Appended appended = f.append(batch, epoch);

      assertThat(appended).isEqualTo(new Appended(expected.baseOffset, expected.nextOffset() - 1));
      batches.add(expected);
      nextSequences.put(producer, sequence + records);
    }

    private void flush() throws IOException {
      f.log.flush();
      assertThat(f.log.flushedOffset()).isEqualTo(endOffset());
    }

    private void losePower() throws IOException {
      long flushed = f.log.flushedOffset();
      f.losePower();
      assertThat(f.log.logEndOffset()).isBetween(flushed, endOffset());
      cutModel(f.log.logEndOffset());
    }

    private void truncate() throws IOException {
      long offset = startOffset + random.nextLong(endOffset() - startOffset + 2);
      f.log.truncateTo(offset);
      cutModel(offset);
    }

    private void retain() throws IOException {
      long highWatermark = startOffset + random.nextLong(endOffset() - startOffset + 1);
      long before = startOffset;
      int deleted = f.log.applyRetention(0, highWatermark);
      startOffset = f.log.logStartOffset();
      assertThat(startOffset).isBetween(before, Math.max(before, highWatermark));
      assertThat(deleted > 0).isEqualTo(startOffset > before);
    }

    private void cutModel(long offset) {
      while (!batches.isEmpty() && batches.getLast().nextOffset() > offset) {
        Batch cut = batches.removeLast();
        nextSequences.put(cut.producer, cut.sequence);
        sent.put(cut.producer, cut.number - 1);
      }
    }

    private long endOffset() {
      return batches.isEmpty() ? 0 : batches.getLast().nextOffset();
    }

    private void readSomewhere() throws IOException {
      long end = endOffset();
      if (end == startOffset) {
        return;
      }
      long offset = startOffset + random.nextLong(end - startOffset);
      long limit = offset + random.nextLong(end - offset + 1);
      int bytesMax = random.nextInt(2000);
      LogSlice slice = f.log.read(offset, bytesMax, limit);
      List<RecordBatch> read = LogFixture.batches(slice);

      List<Batch> expected =
          batches.stream()
              .filter(b -> b.nextOffset() > offset && b.nextOffset() <= limit)
              .limit(read.size())
              .toList();
      assertThat(read).hasSameSizeAs(expected);
      assertSame(read, expected);
      assertThat(slice.isEmpty()).isEqualTo(holder(offset).nextOffset() > limit);
      assertThat(slice.compressed()).isEqualTo(expected.stream().anyMatch(Batch::compressed));
      if (!read.isEmpty()) {
        assertThat(slice.length() <= bytesMax || read.size() == 1).isTrue();
        assertThat(slice.firstOffset()).isEqualTo(expected.getFirst().baseOffset);
        assertThat(slice.nextOffset()).isEqualTo(expected.getLast().nextOffset());
      }
    }

    private Batch holder(long offset) {
      return batches.stream().filter(b -> b.nextOffset() > offset).findFirst().orElseThrow();
    }

    private void readAll() throws IOException {
      List<RecordBatch> read = new ArrayList<>();
      for (long next = startOffset; next < endOffset(); ) {
        LogSlice slice = f.log.read(next, 700, Long.MAX_VALUE);
        read.addAll(LogFixture.batches(slice));
        next = slice.nextOffset();
      }
      List<Batch> expected = batches.stream().filter(b -> b.baseOffset >= startOffset).toList();
      assertThat(read).hasSameSizeAs(expected);
      assertSame(read, expected);
      retriesAreKnown(expected);
      timesAreFound(expected);
    }

    private static void assertSame(List<RecordBatch> read, List<Batch> expected) {
      for (int i = 0; i < read.size(); i++) {
        RecordBatch batch = read.get(i);
        assertThat(
                new Batch(
                    batch.getBaseOffset(),
                    batch.getRecordCount(),
                    batch.getLeaderEpoch(),
                    batch.getBaseTimestampMs(),
                    batch.getCompressedRecords().size() > 0,
                    batch.getProducerId(),
                    expected.get(i).producer == 0
                        ? expected.get(i).sequence
                        : batch.getBaseSequence(),
                    expected.get(i).number))
            .isEqualTo(expected.get(i));
      }
    }

    /** Of those that a producer can have in flight: it has sent some that were cut, perhaps. */
    private void retriesAreKnown(List<Batch> present) {
      for (Batch batch : present) {
        int newer = sentMax.get(batch.producer) - batch.number;
        if (batch.producer != 0 && newer < ProducerSequences.BATCHES_IN_FLIGHT) {
          assertThat(f.log.producers().check(batch.producer, 0, batch.sequence, batch.records))
              .isEqualTo(new Verdict.Duplicate(batch.baseOffset, batch.nextOffset() - 1, 0));
        }
      }
    }

    private void timesAreFound(List<Batch> present) throws IOException {
      for (int i = 0; i < 10; i++) {
        long timeMs = random.nextInt(12_000);
        assertThat(f.log.offsetForTime(timeMs))
            .isEqualTo(
                present.stream()
                    .filter(b -> b.timeMs >= timeMs)
                    .findFirst()
                    .map(b -> new TimedOffset(b.baseOffset, b.timeMs)));
      }
    }

    @Override
    public void close() throws IOException {
      f.close();
    }
  }
}
