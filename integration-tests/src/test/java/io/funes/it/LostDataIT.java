package io.funes.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A broker of three comes back without its records, or without anything. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class LostDataIT {
  private static final int PARTITIONS = 3;

  private static BrokerCluster cluster;

  @BeforeAll
  static void start() {
    cluster = BrokerCluster.start("lost");
  }

  @AfterEach
  void restore() {
    cluster.restore();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  /** In every partition it has all that was acknowledged before it came back, or is not in sync. */
  @Test
  void aBrokerWithoutItsRecordsCatchesUpBeforeItIsInSync() {
    try (Load load = Load.on(cluster, "records-lost", PARTITIONS)) {
      for (boolean clean : List.of(true, false)) {
        int victim = cluster.leader(load.topic(), 0);
        load.awaitMore(50);
        end(victim, clean);
        cluster.awaitInSync(load.topic(), Set.copyOf(cluster.others(victim)));
        ReplicaLogs.deleteAll(cluster.broker(victim));
        int[] others = leastBytes(load, victim);
        cluster.broker(victim).start();
        for (int partition = 0; partition < PARTITIONS; partition++) {
          int of = partition;
          Await.until(
              "partition %d in sync".formatted(of),
              () -> cluster.inSync(load.topic(), of).contains(victim));
          assertThat(ReplicaLogs.bytes(cluster.broker(victim), load.topic(), of).length)
              .isGreaterThanOrEqualTo(others[of]);
        }
        cluster.awaitAllInSync(load.topic());
      }
      load.assertAllThereOnceAndInOrder();
    }
  }

  private static void end(BrokerProcess broker, boolean clean) {
    if (clean) {
      broker.stop();
    } else {
      broker.kill9();
    }
  }

  private void end(int victim, boolean clean) {
    end(cluster.broker(victim), clean);
  }

  private int[] leastBytes(Load load, int victim) {
    int[] least = new int[PARTITIONS];
    for (int partition = 0; partition < PARTITIONS; partition++) {
      int of = partition;
      least[partition] =
          cluster.others(victim).stream()
              .mapToInt(id -> ReplicaLogs.bytes(cluster.broker(id), load.topic(), of).length)
              .min()
              .orElseThrow();
    }
    return least;
  }

  /** Its mark of a clean stop says nothing of records that have gone since. */
  @Test
  void theLastToStopDoesNotLeadWithoutItsRecords() {
    try (Load load = Load.on(cluster, "last-lost", 1)) {
      load.stop();
      cluster.awaitAllInSync(load.topic());
      cluster.broker(0).stop();
      cluster.broker(1).stop();
      cluster.broker(2).stop();
      ReplicaLogs.deleteAll(cluster.broker(2));

      // Two are a quorum, so neither is up without the other.
      CompletableFuture<Void> last = CompletableFuture.runAsync(cluster.broker(2)::start);
      cluster.broker(1).start();
      last.join();
      cluster.broker(0).start();
      cluster.awaitAllInSync(load.topic());
      load.assertAllThereOnceAndInOrder();
    }
  }

  /**
   * It is another broker to the cluster, and its place in the quorum stays empty: the last test.
   */
  @Test
  @Order(Integer.MAX_VALUE)
  void aBrokerWithoutAnythingIsANewOne() {
    try (Load load = Load.on(cluster, "all-lost", PARTITIONS)) {
      int victim = cluster.others(cluster.controller()).getLast();
      cluster.broker(victim).kill9();
      cluster.broker(victim).delete("");
      cluster.broker(victim).start();
      assertThat(cluster.broker(victim).data().resolve("identity.properties"))
          .content()
          .contains("node.id=3");

      load.awaitMore(50);
      cluster.awaitInSync(load.topic(), Set.copyOf(cluster.others(victim)));
      load.stop();
      load.assertAllThereOnceAndInOrder(
          cluster.others(victim).stream().map(cluster::broker).toList());
    }
  }
}
