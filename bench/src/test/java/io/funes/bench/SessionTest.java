package io.funes.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SessionTest {
  @Test
  void everySecondPairRunsTheOtherWayRound() {
    List<String> systems = List.of("kafka", "funes", "pipe");

    assertThat(Session.order(systems, 1)).containsExactly("kafka", "funes", "pipe");
    assertThat(Session.order(systems, 2)).containsExactly("pipe", "funes", "kafka");
    assertThat(Session.order(systems, 3)).containsExactly("kafka", "funes", "pipe");
  }
}
