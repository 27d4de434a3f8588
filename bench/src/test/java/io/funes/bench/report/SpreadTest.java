package io.funes.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void ofAnOddNumberOfValues() {
    assertThat(Spread.of(List.of(3.0, 1.0, 2.0))).isEqualTo(new Spread(2, 1, 3));
  }

  @Test
  void ofAnEvenNumberOfValues() {
    assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(new Spread(2.5, 1, 4));
  }

  @Test
  void ofNothing() {
    assertThat(Spread.of(List.of()).isEmpty()).isTrue();
  }
}
