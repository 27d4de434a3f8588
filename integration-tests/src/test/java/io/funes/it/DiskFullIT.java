package io.funes.it;

import io.funes.client.ClusterDescription.BrokerState;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The disk of one broker of three fills while each partition of a topic is written to. */
final class DiskFullIT {
  private static final int VICTIM = 1;

  private static SmallDisk disk;
  private static BrokerCluster cluster;

  @BeforeAll
  static void start() {
    var brokers =
        IntStream.range(0, 3)
            .mapToObj(id -> BrokerProcess.prepared("disk-" + id, Place.LOOPBACK))
            .toList();
    disk = SmallDisk.at(brokers.get(VICTIM).data());
    System.out.printf("DiskFullIT: the disk that fills is %s%n", disk);
    cluster = BrokerCluster.start(brokers, "disk.free.bytes.min=" + disk.freeBytesMin());
  }

  @AfterAll
  static void stop() {
    try (var _ = disk) {
      cluster.close();
    }
  }

  @Test
  void othersLeadAndGoOnUntilThereIsRoomAgain() {
    try (Load load = Load.on(cluster, "disk-full", 3)) {
      int led = load.partitionLedBy(VICTIM);
      load.takeLongestGapMs();

      disk.fill();

      cluster.awaitNotLeading(load.topic(), VICTIM);
      Await.until(
          "it is told to be read-only", () -> cluster.states().contains(BrokerState.READ_ONLY));
      Await.until(
          "the follower is out of sync", () -> !cluster.inSync(load.topic(), led).contains(VICTIM));
      load.awaitMore(20);
      System.out.printf("DiskFullIT: full, longest gap %d ms%n", load.takeLongestGapMs());

      disk.empty();
      cluster.awaitAllInSync(load.topic());
      load.awaitMore(20);
      Await.until(
          "it takes records again", () -> !cluster.states().contains(BrokerState.READ_ONLY));
      System.out.printf("DiskFullIT: room again, longest gap %d ms%n", load.takeLongestGapMs());
      load.assertAllThereOnceAndInOrder();
    }
  }
}
