package io.funes.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.log.LeaderEpochs.Boundary;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeaderEpochsTest {
  private final LeaderEpochs epochs = new LeaderEpochs();

  @BeforeEach
  void begin() {
    epochs.replay(1, 0);
    epochs.replay(3, 10);
    epochs.replay(4, 20);
  }

  @Test
  void epochsEndWhereTheNextBegins() {
    assertThat(epochs.endOf(0, 30)).isEmpty();
    assertThat(epochs.endOf(1, 30)).hasValue(new EpochEnd(1, 10));
    assertThat(epochs.endOf(2, 30)).hasValue(new EpochEnd(1, 10));
    assertThat(epochs.endOf(4, 30)).hasValue(new EpochEnd(4, 30));
    assertThat(epochs.endOf(9, 30)).hasValue(new EpochEnd(4, 30));
  }

  @Test
  void anEpochBeginsOnce() {
    epochs.replay(4, 30);

    assertThat(epochs.boundaries())
        .containsExactly(new Boundary(1, 0), new Boundary(3, 10), new Boundary(4, 20));
  }

  @Test
  void theEndIsCutWithTheLog() {
    epochs.cutEnd(21);
    assertThat(epochs.latest()).isEqualTo(4);
    epochs.cutEnd(20);
    assertThat(epochs.latest()).isEqualTo(3);
    epochs.cutEnd(0);
    assertThat(epochs.latest()).isEqualTo(-1);
  }

  @Test
  void theStartIsCutWithTheLog() {
    epochs.cutStart(9);
    assertThat(epochs.boundaries()).hasSize(3);
    epochs.cutStart(10);
    assertThat(epochs.boundaries()).containsExactly(new Boundary(3, 10), new Boundary(4, 20));
    epochs.cutStart(1000);
    assertThat(epochs.boundaries()).containsExactly(new Boundary(4, 20));
  }
}
