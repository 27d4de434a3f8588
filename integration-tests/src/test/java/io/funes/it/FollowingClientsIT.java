package io.funes.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.client.Admin;
import io.funes.client.Consumer;
import io.funes.client.NewTopic;
import io.funes.client.PartitionDescription;
import io.funes.client.Producer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A producer and a consumer that know one of three brokers, while those die, stand still and come
 * back.
 */
final class FollowingClientsIT {
  private static final int PARTITIONS = 3;
  private static final int PENDING_MAX = 30;

  private final List<BrokerProcess> brokers = new ArrayList<>();

  @BeforeEach
  void start() {
    brokers.add(BrokerProcess.fresh("following-0"));
    brokers.add(BrokerProcess.joining(brokers.getFirst(), "following-1"));
    brokers.add(BrokerProcess.joining(brokers.getFirst(), "following-2"));
    try (Admin admin = admin()) {
      admin.createTopic(
          NewTopic.named("t")
              .partitions(PARTITIONS)
              .replicas(3)
              .config("min.insync.replicas", "2"));
    }
  }

  @AfterEach
  void stop() {
    brokers.forEach(BrokerProcess::close);
  }

  private Admin admin() {
    return Admin.builder().server(brokers.get(1).address() + "," + anyServer()).build();
  }

  private String anyServer() {
    return brokers.getFirst().address();
  }

  @Test
  void theDeathOfLeadersIsNoErrorAndLosesNothing() {
    throughFaults((broker, goOn) -> {
      broker.kill9();
      goOn.run();
      broker.start();
    });
  }

  /** Connections to it stand, and the kernel takes what is sent: only silence tells. */
  @Test
  void aLeaderThatStandsStillIsNoErrorAndLosesNothing() {
    throughFaults((broker, goOn) -> {
      broker.pause();
      goOn.run();
      broker.resume();
    });
  }

  /** What befalls a broker, while both go on. */
  private interface Fault {
    void strike(BrokerProcess broker, Runnable goOn);
  }

  private void throughFaults(Fault fault) {
    try (Producer producer = Producer.builder().server(anyServer()).lingerMs(5).build();
        Consumer consumer = Consumer.builder().server(anyServer()).build();
        NumbersSender sender = new NumbersSender(producer, "t", PENDING_MAX)) {
      NumbersReader reader = new NumbersReader(consumer, "t");
      goOn(sender, reader);
      for (int partition = 0; partition < 2; partition++) {
        awaitAllInSync();
        BrokerProcess leader = brokers.get(partition(partition).leaderId());
        fault.strike(leader, () -> goOn(sender, reader));
        goOn(sender, reader);
      }
      sender.stop();
      assertThat(sender.failures()).isEmpty();
      reader.assertAllComeOnceInOrder(sender.sent());
    }
  }

  /** Lets both work for a while: what is acknowledged from now on arrives. */
  private static void goOn(NumbersSender sender, NumbersReader reader) {
    sender.awaitAcknowledgedMore(2_000);
    reader.readMore(2_000);
  }

  private PartitionDescription partition(int number) {
    try (Admin admin = admin()) {
      return admin.topic("t").partitions().get(number);
    }
  }

  private void awaitAllInSync() {
    try (Admin admin = admin()) {
      Await.until(
          "all are in sync",
          () ->
              admin.topic("t").partitions().stream()
                  .allMatch(each -> each.inSyncReplicaIds().size() == brokers.size()));
    }
  }
}
