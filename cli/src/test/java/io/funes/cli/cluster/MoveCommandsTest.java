package io.funes.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.cli.CliRun;
import io.funes.cli.cluster.FakeCluster.Fate;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The commands that move partitions, and a cluster that does as it is told. */
final class MoveCommandsTest {
  private final FakeCluster cluster;

  MoveCommandsTest() throws IOException {
    cluster = new FakeCluster(3);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void drainChangesLeadersOnlyWhereItMovedSomething() {
    cluster.partition(1, 0, 1);
    cluster.partition(2, 1, 2);

    CliRun drain = cluster.run("cluster", "drain", "0");

    assertThat(drain.out())
        .contains("moved t/0 0,1 -> 2,1 (1 of 1)\n")
        .endsWith("done: 1 partition, 1 change of leader\n");
    assertThat(cluster.leader(0)).isEqualTo(2);
    assertThat(cluster.leader(1)).as("of a partition that stayed").isEqualTo(2);
  }

  @Test
  void drainOfAnEmptyBrokerChangesNoLeader() {
    cluster.partition(2, 1, 2);

    assertThat(cluster.run("cluster", "drain", "0").out()).isEqualTo("nothing to move\n");
    assertThat(cluster.elections).isEmpty();
  }

  @Test
  void rebalanceChangesLeadersThoughNothingMoves() {
    cluster.partition(1, 0, 1);
    cluster.partition(2, 1, 2);
    cluster.partition(2, 2, 0);

    CliRun rebalance = cluster.run("cluster", "rebalance", "--apply");

    assertThat(rebalance.out()).isEqualTo("nothing to move, 2 changes of leader\n");
    assertThat(cluster.run("cluster", "rebalance", "--apply", "-o", "json").out())
        .isEqualTo("{\"moved\":0,\"leaders_changed\":0}\n");
  }

  @Test
  void leadersAreChangedInAsManyAsOneCallTakes() {
    for (int i = 0; i < 2_100; i++) {
      cluster.partition((i + 1) % 3, i % 3, (i + 1) % 3);
    }

    CliRun rebalance = cluster.run("cluster", "rebalance", "--apply");

    assertThat(rebalance.out()).isEqualTo("nothing to move, 2100 changes of leader\n");
    assertThat(cluster.elections).containsExactly(1_000, 1_000, 100);
  }

  @Test
  void movesThatSomebodyElseEndedAreNotCalledMoved() {
    cluster.partition(0, 0, 1);
    cluster.partition(0, 0, 1);
    cluster.partition(0, 0, 1);
    cluster.fate(0, Fate.IS_CANCELLED);
    cluster.fate(1, Fate.ENDS_WITH_ITS_PARTITION);

    CliRun drain = cluster.run("cluster", "drain", "0");

    assertThat(drain.out())
        .contains("cancelled meanwhile t/0 0,1 -> 2,1 (", "deleted meanwhile t/1 0,1 -> 2,1 (")
        .contains("moved t/2 0,1 -> 2,1 (")
        .endsWith("done: 1 partition of 3, 1 change of leader\n");
  }
}
