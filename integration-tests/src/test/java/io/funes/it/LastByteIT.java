package io.funes.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A disk is filled to its last byte by somebody else, faster than the broker on it can look. What
 * it leads it refuses until there is room; the others go on without it.
 */
final class LastByteIT {
  private static final int VICTIM = 1;
  private static final String KEPT = "disk.free.bytes.min=0";

  private static SmallDisk disk;
  private static BrokerCluster cluster;

  @BeforeAll
  static void start() {
    var brokers =
        IntStream.range(0, 3)
            .mapToObj(id -> BrokerProcess.prepared("last-byte-" + id, Place.LOOPBACK, KEPT))
            .toList();
    disk = SmallDisk.at(brokers.get(VICTIM).data());
    cluster = BrokerCluster.start(brokers, KEPT);
  }

  @AfterAll
  static void stop() {
    try (var _ = disk) {
      cluster.close();
    }
  }

  @Test
  void nothingAcknowledgedIsLost() {
    assumeTrue(disk.mayBeFilledUp(), "a file system of its own, which root may mount");
    try (Load load = Load.on(cluster, "last-byte", 3)) {
      int followed = load.partitionLedBy(0);

      disk.fillUp();
      Await.until(
          "the broker is out of sync",
          () -> !cluster.inSync(load.topic(), followed).contains(VICTIM));
      load.awaitMore(20, followed);

      disk.empty();
      if (!cluster.broker(VICTIM).running()) {
        cluster.broker(VICTIM).start();
      }
      cluster.awaitAllInSync(load.topic());
      load.awaitMore(20);
      load.assertAllThereOnceAndInOrder();
    }
  }
}
