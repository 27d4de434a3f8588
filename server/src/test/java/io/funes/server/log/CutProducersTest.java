package io.funes.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Producers after a cut, against those that a replay of what is left would give. */
class CutProducersTest {
  private static final int SEEDS = 500;
  private static final int STEPS = 60;
  private static final int PRODUCERS_MAX = 3;

  private ProducerSequences sequences = new ProducerSequences(PRODUCERS_MAX);

  @Test
  void whatIsKeptTellsWhatComesNext() {
    write(7, 0, 0, 6);

    assertThat(sequences.cutTo(4)).isTrue();

    assertThat(sequences.check(7, 0, 3, 1)).isEqualTo(new Verdict.Duplicate(3, 3, 0));
    assertThat(sequences.check(7, 0, 4, 1)).isEqualTo(new Verdict.Fresh());
    assertThat(sequences.check(7, 0, 5, 1)).isEqualTo(new Verdict.Gap(4));
  }

  @Test
  void whereAllThatWasInFlightIsCutOneBatchIsLeft() {
    write(7, 2, 0, 20);

    assertThat(sequences.cutTo(15)).isTrue();

    assertThat(sequences.check(7, 2, 15, 1)).isEqualTo(new Verdict.Fresh());
    assertThat(sequences.check(7, 2, 16, 1)).isEqualTo(new Verdict.Gap(15));
    assertThat(sequences.check(7, 1, 0, 1)).isEqualTo(new Verdict.StaleEpoch(2));
  }

  @Test
  void whoBeganInWhatIsCutIsUnknownAgain() {
    write(7, 0, 0, 4);
    write(8, 5, 4, 20);

    assertThat(sequences.cutTo(4)).isTrue();

    assertThat(sequences.size()).isEqualTo(1);
    assertThat(sequences.check(8, 3, 17, 1)).isEqualTo(new Verdict.Fresh());
  }

  @Test
  void anEpochThatBeganInWhatIsCutHidesTheOneBefore() {
    write(7, 0, 0, 4);
    write(7, 1, 4, 1);

    assertThat(sequences.cutTo(4)).isFalse();
  }

  @Test
  void moreThanIsKeptWasCut() {
    write(7, 0, 0, 20);

    assertThat(sequences.cutTo(14)).isFalse();
  }

  @Test
  void theLastCutLeavesLessForTheNext() {
    write(7, 0, 0, 20);
    assertThat(sequences.cutTo(17)).isTrue();
    assertThat(sequences.cutTo(15)).isTrue();
    assertThat(sequences.cutTo(14)).isFalse();
  }

  @Test
  void whoWasForgottenToMakeRoomIsMissed() {
    for (int producer = 1; producer <= PRODUCERS_MAX + 1; producer++) {
      write(producer, 0, producer - 1, 1);
    }
    assertThat(sequences.cutTo(PRODUCERS_MAX)).isFalse();

    sequences.clear();
    assertThat(sequences.cutTo(0)).as("nobody is missed any more").isTrue();
  }

  @Test
  void whoWasForgottenForWhatStaysIsNotMissed() {
    for (int producer = 1; producer <= PRODUCERS_MAX + 1; producer++) {
      write(producer, 0, producer - 1, 1);
    }
    write(PRODUCERS_MAX + 1, 0, PRODUCERS_MAX + 1, 1);

    assertThat(sequences.cutTo(PRODUCERS_MAX + 1)).isTrue();
  }

  @Test
  void whoWasSilentForTooLongAndCameBackIsUnknownAgain() {
    write(7, 0, 0, 4);
    sequences.expire(1);
    write(7, 0, 4, 2);

    assertThat(sequences.cutTo(4)).isTrue();
    assertThat(sequences.size()).isZero();
  }

  @Test
  void whoACheckpointTellsOfWasKnownBefore() {
    write(7, 0, 0, 4);
    sequences.restore(sequences.checkpoint(4, List.of()));
    write(8, 0, 4, 1);

    assertThat(sequences.cutTo(4)).isTrue();
    assertThat(sequences.check(7, 0, 4, 1)).isEqualTo(new Verdict.Fresh());
    assertThat(sequences.cutTo(0)).isFalse();
  }

  @Test
  void producersAreJudgedAsAfterAReplay() {
    int cuts = 0;
    int replays = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      try {
        History history = new History(seed);
        history.run();
        cuts += history.cuts;
        replays += history.replays;
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    assertThat(replays).isBetween(cuts / 100, cuts / 2);
  }

  /** Batches of one record each, whose sequence is their offset. */
  private void write(long producer, int epoch, int offset, int batches) {
    for (int i = offset; i < offset + batches; i++) {
      sequences.record(producer, epoch, i, 1, i, i, 0, 0);
    }
  }

  /**
   * A batch of a log.
   *
   * @param number how many its producer has sent with it in this epoch
   */
  private record Batch(
      long producer, int epoch, int number, int sequence, int records, long baseOffset) {
    long nextOffset() {
      return baseOffset + records;
    }
  }

  /** A producer in one of its epochs, which has so many batches in flight at most. */
  private record Life(long producer, int epoch) {}

  private static final class History {
    private final Random random;
    private final ProducerSequences sequences = new ProducerSequences(100);
    private final List<Batch> log = new ArrayList<>();
    private final Map<Life, Integer> sentMax = new HashMap<>();
    private int cuts;
    private int replays;

    History(int seed) {
      random = new Random(seed);
    }

    void run() {
      for (int i = 0; i < STEPS; i++) {
        switch (random.nextInt(10)) {
          case 0 -> cut(random.nextInt(30));
          case 1 -> cut(random.nextInt(8));
          case 2 -> sequences.restore(sequences.checkpoint(end(), List.of()));
          default -> append(random.nextInt(4));
        }
      }
    }

    private long end() {
      return log.isEmpty() ? 0 : log.getLast().nextOffset();
    }

    private void append(int batches) {
      long producer = random.nextLong(1, 5);
      for (int i = 0; i < batches; i++) {
        Batch last =
            log.stream().filter(b -> b.producer == producer).reduce((a, b) -> b).orElse(null);
        boolean begins = last == null || random.nextInt(12) == 0;
        int epoch = last == null ? random.nextInt(2) : last.epoch + (begins ? 1 : 0);
        Batch next =
            new Batch(
                producer,
                epoch,
                begins ? 1 : last.number + 1,
                begins ? 0 : last.sequence + last.records,
                1 + random.nextInt(3),
                end());
        log.add(next);
        sentMax.merge(new Life(producer, epoch), next.number, Math::max);
        record(sequences, next);
      }
    }

    private static void record(ProducerSequences target, Batch b) {
      target.record(
          b.producer, b.epoch, b.sequence, b.records, b.baseOffset, b.nextOffset() - 1, 5, 0);
    }

    private void cut(int batches) {
      for (int i = 0; i < batches && !log.isEmpty(); i++) {
        log.removeLast();
      }
      ProducerSequences replayed = new ProducerSequences(100);
      log.forEach(batch -> record(replayed, batch));
      cuts++;
      if (!sequences.cutTo(end())) {
        replays++;
        sequences.restore(replayed.checkpoint(end(), List.of()));
      }
      assertThat(sequences.size()).isEqualTo(replayed.size());
      for (Batch batch : log) {
        assertSame(replayed, batch);
      }
    }

    private void assertSame(ProducerSequences replayed, Batch b) {
      int newer = sentMax.get(new Life(b.producer, b.epoch)) - b.number;
      if (newer < ProducerSequences.BATCHES_IN_FLIGHT) {
        assertSame(replayed, b.producer, b.epoch, b.sequence, b.records);
      }
      for (int gap = 0; gap < 3; gap++) {
        int sequence = b.sequence + b.records + gap;
        assertSame(replayed, b.producer, b.epoch, sequence, 9);
        assertSame(replayed, b.producer, b.epoch + 1, gap, 9);
      }
    }

    private void assertSame(
        ProducerSequences replayed, long producer, int epoch, int sequence, int records) {
      assertThat(sequences.check(producer, epoch, sequence, records))
          .isEqualTo(replayed.check(producer, epoch, sequence, records));
      assertThat(sequences.checkRising(producer, epoch, sequence, records))
          .isEqualTo(replayed.checkRising(producer, epoch, sequence, records));
    }
  }
}
