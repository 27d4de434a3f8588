package io.funes.bench.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessUsageTest {
  @Test
  void addsUserAndSystemTime() {
    String stat = "77 (a (b) c) S 1 2 3 4 5 6 7 8 9 10 150 250 0 0 20 0 9";

    assertThat(ProcessUsage.cpuSeconds(stat)).isEqualTo(4.0);
  }
}
