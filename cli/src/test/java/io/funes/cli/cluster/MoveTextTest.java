package io.funes.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.client.Reassignment;
import io.funes.client.TopicPartition;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MoveTextTest {
  private static Reassignment move(int partition, int leader) {
    return new Reassignment(
        new TopicPartition("t", partition),
        leader,
        List.of(3, 2, 1),
        List.of(1, 2),
        List.of(3),
        List.of(1));
  }

  @Test
  void whatIsUnderWaySaysWhereItCopiesTo() {
    assertThat(MoveText.underWay(List.of(move(0, 1), move(1, 2)), 5))
        .isEqualTo("under way: 2 partitions, first t/0, which copies to 3; 5 to begin");
  }

  @Test
  void aPartitionWithoutALeaderIsToldWithWhatToDo() {
    assertThat(MoveText.underWay(List.of(move(0, 1), move(1, -1)), 0))
        .contains("among them t/1, which has no leader to copy from: start its brokers 2,1, ")
        .contains("or 'funes cluster elect t/1 --unclean' where they are gone for good");
  }
}
