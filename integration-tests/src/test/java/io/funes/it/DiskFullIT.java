package io.funes.it;

import java.util.concurrent.atomic.AtomicLong;
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
  void aLeaderRefusesAndAFollowerLeavesUntilThereIsRoomAgain() {
    try (Load load = Load.on(cluster, "disk-full", 3)) {
      int led = cluster.createTopicLedBy(VICTIM, "refused");
      int followed = load.partitionLedBy(0);
      load.takeLongestGapMs();
      disk.fill();
      SequencedProducer stranger = new SequencedProducer(cluster, "refused", led);
      AtomicLong producerIds = new AtomicLong(5_000); // A repeated batch would be recognised.
      Await.until(
          "the leader refuses",
          () ->
              Refusals.of(cluster, VICTIM, stranger.request(producerIds.incrementAndGet(), 0, "x"))
                  .equals("RESOURCE_EXHAUSTED DISK_FULL"));
      Await.until(
          "the follower is out of sync",
          () -> !cluster.inSync(load.topic(), followed).contains(VICTIM));
      load.awaitMore(20, followed);

      disk.empty();
      cluster.awaitAllInSync(load.topic());
      load.awaitMore(20);
      System.out.printf("DiskFullIT: longest gap %d ms%n", load.takeLongestGapMs());
      load.assertAllThereOnceAndInOrder();
    }
  }
}
