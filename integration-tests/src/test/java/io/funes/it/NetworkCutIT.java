package io.funes.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * One broker of three is cut off from the others, and clients still reach all three. Whatever was
 * acknowledged is there afterwards, once, in order, and all replicas are the same.
 */
final class NetworkCutIT {
  private static final int PARTITIONS = 6;

  private static Network network;
  private static BrokerCluster cluster;

  @BeforeAll
  static void start() {
    network = Network.of(3);
    System.out.printf("NetworkCutIT: between the brokers are %s%n", network);
    List<BrokerProcess> brokers =
        IntStream.range(0, 3)
            .mapToObj(id -> BrokerProcess.prepared("cut-" + id, network.place(id)))
            .toList();
    network.connect(brokers);
    cluster = BrokerCluster.start(brokers);
  }

  @AfterEach
  void heal() {
    network.heal();
    cluster.restore();
    assertNoStackTraces();
  }

  /** Links break: that is a line each in the log, which people read. */
  private static void assertNoStackTraces() {
    for (BrokerProcess broker : cluster.brokers()) {
      assertThat(broker.log()).doesNotContain("\tat ");
    }
  }

  @AfterAll
  static void stop() {
    try (var _ = network) {
      cluster.close();
    }
  }

  @Test
  void theControllerIsCutOff() {
    try (Load load = Load.on(cluster, "controller-cut-off", PARTITIONS)) {
      cut(load, cluster.controller(), "controller, both ways", NetworkCutIT::bothWays);
      load.assertAllThereOnceAndInOrder();
    }
  }

  @Test
  void aLeaderIsCutOff() {
    try (Load load = Load.on(cluster, "leader-cut-off", PARTITIONS)) {
      cut(load, notTheController(), "leader, both ways", NetworkCutIT::bothWays);
      load.assertAllThereOnceAndInOrder();
    }
  }

  @Test
  void aLeaderIsHeardAndHearsNothing() {
    try (Load load = Load.on(cluster, "leader-deaf", PARTITIONS)) {
      cut(load, notTheController(), "leader, hears nothing", NetworkCutIT::deaf);
      load.assertAllThereOnceAndInOrder();
    }
  }

  @Test
  void aLeaderHearsAndIsNotHeard() {
    try (Load load = Load.on(cluster, "leader-dumb", PARTITIONS)) {
      cut(load, notTheController(), "leader, is not heard", NetworkCutIT::dumb);
      load.assertAllThereOnceAndInOrder();
    }
  }

  private static void cut(Load load, int victim, String what, Consumer<Integer> way) {
    OldLeader old = OldLeader.of(cluster, load.topic() + "-old", victim);
    load.takeLongestGapMs();
    way.accept(victim);
    old.send();
    cluster.awaitNotLeading(load.topic(), victim);
    old.deposed();
    load.awaitMore(50);
    report(what + " (broker " + victim + ") cut off", load);
    network.heal();
    cluster.awaitAllInSync(load.topic());
    old.assertNothingAcknowledgedIsLost();
    load.awaitMore(20);
    report("... and connected again", load);
  }

  private static int notTheController() {
    return cluster.others(cluster.controller()).getFirst();
  }

  private static void bothWays(int victim) {
    deaf(victim);
    dumb(victim);
  }

  private static void deaf(int victim) {
    cluster.others(victim).forEach(other -> network.cut(other, victim));
  }

  private static void dumb(int victim) {
    cluster.others(victim).forEach(other -> network.cut(victim, other));
  }

  private static void report(String what, Load load) {
    System.out.printf("NetworkCutIT: %s, longest gap %d ms%n", what, load.takeLongestGapMs());
  }
}
