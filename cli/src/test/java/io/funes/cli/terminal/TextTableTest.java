package io.funes.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTableTest {
  @Test
  void columnsAreAsWideAsTheirWidestCellAndNumbersStandRight() {
    TextTable table = new TextTable("TOPIC", "PARTITIONS", "CONFIGS");
    table.row("a", 6, "");
    table.row("access-log", 1200, "retention.ms=-1");

    assertThat(table.lines())
        .containsExactly(
            "TOPIC       PARTITIONS  CONFIGS",
            "a                    6",
            "access-log        1200  retention.ms=-1");
  }
}
