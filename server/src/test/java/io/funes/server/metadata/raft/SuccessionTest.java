package io.funes.server.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SuccessionTest {
  /** In another order on each broker two would stand at once, and neither win. */
  @Test
  void heirsAreInTheOrderOfTheirIds() {
    Membership membership = new Membership(peers(11, 3, 7, 2, 5), peers(1, 4));

    assertThat(Succession.heirs(membership, 3)).containsExactly(2, 5, 7, 11);
  }

  private static Map<Integer, Peer> peers(Integer... ids) {
    return Stream.of(ids).collect(Collectors.toMap(Function.identity(), id -> new Peer(id, "")));
  }
}
