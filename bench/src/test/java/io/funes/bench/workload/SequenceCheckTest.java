package io.funes.bench.workload;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SequenceCheckTest {
  private final SequenceCheck check = new SequenceCheck(3, 2, 100);

  @Test
  void allRecordsOnceAndInOrder() {
    check.record(0, 0, 100);
    check.record(1, 2, 100);
    check.record(0, 1, 100);

    check.requireComplete();
  }

  @Test
  void refusesALostRecord() {
    check.record(0, 0, 100);
    check.record(1, 2, 100);

    assertThatThrownBy(check::requireComplete).hasMessage("2 of 3 records came");
  }

  @Test
  void refusesADuplicate() {
    check.record(0, 1, 100);

    assertThatThrownBy(() -> check.record(0, 1, 100)).hasMessage("record 1 after 1 in partition 0");
  }

  @Test
  void refusesAValueOfAnotherSize() {
    assertThatThrownBy(() -> check.record(0, 0, 99)).hasMessage("record 0 has 99 bytes");
  }
}
