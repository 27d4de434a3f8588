package io.funes.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.log.Verdict.Duplicate;
import io.funes.server.log.Verdict.Fresh;
import io.funes.server.log.Verdict.Gap;
import io.funes.server.log.Verdict.StaleEpoch;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProducerSequencesTest {
  private static final long PRODUCER = 42;

  private ProducerSequences sequences = new ProducerSequences(3);
  private long nextOffset = 100;

  @Test
  void anUnknownProducerMayStartAnywhere() {
    assertThat(sequences.check(PRODUCER, 3, 17, 5)).isEqualTo(new Fresh());
  }

  @Test
  void theNextBatchFollowsTheLast() {
    write(0, 0, 10);

    assertThat(sequences.check(PRODUCER, 0, 10, 1)).isEqualTo(new Fresh());
    assertThat(sequences.check(PRODUCER, 0, 11, 1)).isEqualTo(new Gap(10));
    assertThat(sequences.check(PRODUCER, 0, 9, 1)).isEqualTo(new Gap(10));
  }

  @Test
  void theLastFiveBatchesAreKnownWithTheirOffsets() {
    for (int i = 0; i < 6; i++) {
      write(0, i * 10, 10);
    }

    assertThat(sequences.check(PRODUCER, 0, 10, 10)).isEqualTo(new Duplicate(110, 119, 5));
    assertThat(sequences.check(PRODUCER, 0, 50, 10)).isEqualTo(new Duplicate(150, 159, 5));
    assertThat(sequences.check(PRODUCER, 0, 0, 10)).isEqualTo(new Gap(60));
  }

  @Test
  void aRetryWithOtherRecordsIsNoRetry() {
    write(0, 0, 10);

    assertThat(sequences.check(PRODUCER, 0, 0, 9)).isEqualTo(new Gap(10));
  }

  @Test
  void aNewEpochStartsAtZero() {
    write(0, 0, 10);

    assertThat(sequences.check(PRODUCER, 1, 10, 1)).isEqualTo(new Gap(0));
    assertThat(sequences.check(PRODUCER, 1, 0, 1)).isEqualTo(new Fresh());
  }

  @Test
  void anOldEpochIsStaleEvenForARetry() {
    write(0, 0, 10);
    write(1, 0, 1);

    assertThat(sequences.check(PRODUCER, 0, 0, 10)).isEqualTo(new StaleEpoch(1));
    assertThat(sequences.check(PRODUCER, 1, 0, 10)).isEqualTo(new Gap(1));
  }

  @Test
  void sequencesWrapToZero() {
    write(0, Integer.MAX_VALUE - 1, 1);
    assertThat(sequences.check(PRODUCER, 0, Integer.MAX_VALUE, 1)).isEqualTo(new Fresh());

    write(0, Integer.MAX_VALUE, 1);
    assertThat(sequences.check(PRODUCER, 0, 0, 1)).isEqualTo(new Fresh());

    write(0, 0, 1);
    write(0, Integer.MAX_VALUE - 2, 6);
    assertThat(sequences.check(PRODUCER, 0, 3, 1)).isEqualTo(new Fresh());
    assertThat(sequences.check(PRODUCER, 0, Integer.MAX_VALUE - 2, 6))
        .isInstanceOf(Duplicate.class);
  }

  @Test
  void whereGapsAreAllowedHalfOfTheCircleIsAhead() {
    int last = Integer.MAX_VALUE;
    write(0, last - 1, 1);

    assertThat(sequences.checkRising(PRODUCER, 0, last, 1)).isEqualTo(new Fresh());
    assertThat(sequences.checkRising(PRODUCER, 0, 5, 1)).as("wrapped").isEqualTo(new Fresh());
    assertThat(sequences.checkRising(PRODUCER, 0, (1 << 30) - 2, 1)).isEqualTo(new Fresh());
    assertThat(sequences.checkRising(PRODUCER, 0, (1 << 30) - 1, 1)).isEqualTo(new Gap(last));
    assertThat(sequences.checkRising(PRODUCER, 0, last - 2, 1)).isEqualTo(new Gap(last));

    write(0, 5, 1);
    assertThat(sequences.checkRising(PRODUCER, 0, 7, 1)).isEqualTo(new Fresh());
    assertThat(sequences.checkRising(PRODUCER, 0, last - 1, 1)).isInstanceOf(Duplicate.class);
    assertThat(sequences.checkRising(PRODUCER, 0, last - 9, 1))
        .as("from before the wrap")
        .isEqualTo(new Gap(6));
  }

  @Test
  void whereGapsAreAllowedANewEpochBeginsAnywhere() {
    write(3, 100, 10);

    assertThat(sequences.checkRising(PRODUCER, 4, Integer.MAX_VALUE, 1)).isEqualTo(new Fresh());
    assertThat(sequences.checkRising(PRODUCER, 2, 200, 1)).isEqualTo(new StaleEpoch(3));
  }

  @Test
  void theLogIsTakenAsItIs() {
    write(0, 0, 10);
    write(0, 50, 10);

    assertThat(sequences.check(PRODUCER, 0, 60, 1)).isEqualTo(new Fresh());
  }

  @Test
  void theProducerHeardLeastRecentlyIsForgottenFirst() {
    for (long producer = 1; producer <= 3; producer++) {
      write(producer, 0, 0, 10, 1000);
    }
    write(1, 0, 10, 10, 1000);
    write(4, 0, 0, 10, 1000);

    assertThat(sequences.size()).isEqualTo(3);
    assertThat(sequences.check(2, 0, 99, 1)).isEqualTo(new Fresh());
    assertThat(sequences.check(1, 0, 99, 1)).isEqualTo(new Gap(20));
    assertThat(sequences.check(3, 0, 99, 1)).isEqualTo(new Gap(10));
    assertThat(sequences.check(4, 0, 99, 1)).isEqualTo(new Gap(10));
  }

  @Test
  void aSilentProducerExpires() {
    write(1, 0, 0, 10, 1000);
    write(2, 0, 0, 10, 2000);

    sequences.expire(2000);

    assertThat(sequences.check(1, 0, 99, 1)).isEqualTo(new Fresh());
    assertThat(sequences.check(2, 0, 99, 1)).isEqualTo(new Gap(10));
  }

  @Test
  void aCheckpointHoldsEverything() {
    for (int i = 0; i < 7; i++) {
      write(1, 0, i * 10, 10, 1000 + i);
      write(2, 3, i, 1, 1000 + i);
    }
    ProducerCheckpoint checkpoint = sequences.checkpoint(nextOffset, List.of());

    ProducerSequences restored = new ProducerSequences(3);
    restored.restore(checkpoint);

    assertThat(restored.checkpoint(nextOffset, List.of())).isEqualTo(checkpoint);
    assertThat(restored.check(1, 0, 20, 10)).isEqualTo(sequences.check(1, 0, 20, 10));
    assertThat(restored.check(1, 0, 70, 10)).isEqualTo(new Fresh());
    assertThat(restored.check(2, 3, 9, 1)).isEqualTo(new Gap(7));
    restored.expire(1006);
    assertThat(restored.size()).isEqualTo(2);
    restored.expire(1007);
    assertThat(restored.size()).isZero();
  }

  private void write(int epoch, int baseSequence, int recordCount) {
    write(PRODUCER, epoch, baseSequence, recordCount, 1000);
  }

  private void write(long producer, int epoch, int baseSequence, int recordCount, long heardMs) {
    long last = nextOffset + recordCount - 1;
    sequences.record(producer, epoch, baseSequence, recordCount, nextOffset, last, 5, heardMs);
    nextOffset = last + 1;
  }
}
