package io.funes.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.proto.v1.ProduceRequest;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Processes of a cluster of three die, stand still and start again while each partition of a topic
 * is written to. Whatever was acknowledged is there afterwards, once, in order, and all replicas
 * are the same.
 */
final class ClusterIT {
  private static final int PARTITIONS = 6;

  private static BrokerCluster cluster;

  @BeforeAll
  static void start() {
    cluster = BrokerCluster.start("cluster");
  }

  @AfterEach
  void restore() {
    cluster.restore();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void aLeaderIsKilled() {
    try (Load load = Load.on(cluster, "leader-killed", PARTITIONS)) {
      for (int round = 0; round < 2; round++) {
        kill(load, cluster.leader(load.topic(), 0), "leader");
      }
      load.assertAllThereOnceAndInOrder();
    }
  }

  @Test
  void theControllerIsKilled() {
    try (Load load = Load.on(cluster, "controller-killed", PARTITIONS)) {
      kill(load, cluster.controller(), "controller");
      load.assertAllThereOnceAndInOrder();
    }
  }

  /** One that leads nothing: the others' leaders go on, without it as soon as it is fenced. */
  @Test
  void aFollowerIsKilled() {
    try (Load load = Load.on(cluster, "follower-killed", 1)) {
      kill(load, cluster.others(cluster.leader(load.topic(), 0)).getFirst(), "follower");
      load.assertAllThereOnceAndInOrder();
    }
  }

  @Test
  void aLeaderStandsStill() {
    try (Load load = Load.on(cluster, "leader-paused", PARTITIONS)) {
      pause(load, cluster.leader(load.topic(), 0), "leader");
      load.assertAllThereOnceAndInOrder();
    }
  }

  @Test
  void theControllerStandsStill() {
    try (Load load = Load.on(cluster, "controller-paused", PARTITIONS)) {
      pause(load, cluster.controller(), "controller");
      load.assertAllThereOnceAndInOrder();
    }
  }

  /**
   * While it stands still its sockets take requests, and when it goes on it does not know at first
   * that others lead.
   */
  private static void pause(Load load, int victim, String what) {
    OldLeader old = OldLeader.of(cluster, "written-to-the-paused-" + what, victim);
    load.takeLongestGapMs();
    cluster.broker(victim).pause();
    cluster.awaitNotLeading(load.topic(), victim);
    old.deposed();
    load.awaitMore(50);
    cluster.broker(victim).resume();
    old.assertNothingAcknowledgedIsLost();
    cluster.awaitAllInSync(load.topic());
    load.awaitMore(20);
    report("%s (broker %d) stood still".formatted(what, victim), load);
  }

  @Test
  void allStartAgainOneByOne() {
    try (Load load = Load.on(cluster, "rolling-restart", PARTITIONS)) {
      for (int id = 0; id < cluster.brokers().size(); id++) {
        cluster.awaitAllInSync(load.topic());
        boolean controls = cluster.controller() == id;
        long resignations = resignations(id);
        load.takeLongestGapMs();
        cluster.broker(id).restart();
        load.awaitMore(20);
        if (controls) {
          assertThat(resignations(id)).as("of broker %d", id).isGreaterThan(resignations);
        }
        report("broker %d restarted".formatted(id), load);
      }
      cluster.awaitAllInSync(load.topic());
      load.assertAllThereOnceAndInOrder();
    }
  }

  /** In all its lives so far. */
  private static long resignations(int broker) {
    return cluster
        .broker(broker)
        .log()
        .lines()
        .filter(line -> line.contains("leads the metadata log now"))
        .count();
  }

  @Test
  void withTooFewInSyncNothingIsWritten() {
    cluster.createTopic("all-three", 1, 3);
    SequencedProducer producer = new SequencedProducer(cluster, "all-three", 0);
    producer.send(20);
    int leader = cluster.leader("all-three", 0);
    int victim = cluster.others(leader).getFirst();
    cluster.broker(victim).kill9();

    ProduceRequest next = producer.request(1_000, 20, "20");
    Await.until(
        "refused before the append",
        () -> Refusals.of(cluster, leader, next).equals("UNAVAILABLE NOT_ENOUGH_REPLICAS"));
    ProduceRequest other = producer.request(999, 0, "never written");
    assertThat(Refusals.of(cluster, leader, other)).isEqualTo("UNAVAILABLE NOT_ENOUGH_REPLICAS");

    cluster.broker(victim).start();
    producer.send(20);
    assertThat(Load.readAll(cluster, "all-three", 0))
        .containsExactlyElementsOf(IntStream.range(0, 40).mapToObj(Integer::toString).toList());
    cluster.awaitAllInSync("all-three");
    ReplicaLogs.awaitEqual(cluster.brokers(), "all-three", 1);
  }

  /** The quorum of the metadata is gone too, so that nobody is told to be out of sync. */
  @Test
  void twoBrokersAreDown() {
    try (Load load = Load.on(cluster, "two-down", PARTITIONS)) {
      int left = cluster.others(cluster.controller()).getLast();
      List<Integer> down = cluster.others(left);
      int led = cluster.createTopicLedBy(left, "not-acknowledged");
      SequencedProducer producer = new SequencedProducer(cluster, "not-acknowledged", led);
      producer.send(1);
      load.takeLongestGapMs();
      cluster.broker(down.getFirst()).kill9();
      cluster.broker(down.getLast()).kill9();
      assertThat(Refusals.of(cluster, left, producer.request(999, 0, "x")))
          .matches("DEADLINE_EXCEEDED.*|UNAVAILABLE NOT_ENOUGH_REPLICAS.*");

      cluster.broker(down.getFirst()).start();
      load.awaitMore(20);
      report("two brokers down, one back", load);
      cluster.broker(down.getLast()).start();
      cluster.awaitAllInSync(load.topic());
      load.assertAllThereOnceAndInOrder();
    }
  }

  private static void kill(Load load, int victim, String what) {
    load.takeLongestGapMs();
    cluster.broker(victim).kill9();
    load.awaitMore(100);
    cluster.awaitInSync(load.topic(), Set.copyOf(cluster.others(victim)));
    report("%s (broker %d) killed".formatted(what, victim), load);
    cluster.broker(victim).start();
    cluster.awaitAllInSync(load.topic());
    load.awaitMore(20);
    report("... and started again", load);
  }

  private static void report(String what, Load load) {
    System.out.printf("ClusterIT: %s, longest gap %d ms%n", what, load.takeLongestGapMs());
  }
}
