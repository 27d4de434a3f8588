package io.funes.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.common.PartitionId;
import io.funes.server.metadata.Commands;
import io.funes.server.metadata.PartitionImage;
import io.funes.server.replication.Simulation.Faults;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Failures that have cost other systems records, one by one. Each runs with a few seeds, on the
 * production classes, and {@link ClusterHistory} looks on.
 */
class FailureScenariosTest {
  private static final Faults SAFE = new Faults(3, "os", 2, false, 0);
  private Simulation cluster;

  private void begin(long seed, Faults faults) {
    cluster = new Simulation(seed, faults).begin();
    acknowledge(10);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aFollowerThatDidNotHearOfTheWatermarkKeepsWhatItHas(long seed) {
    begin(seed, SAFE);
    int first = leader();

    cluster.brokers.get(first).crash();
    awaitLeaderOtherThan(first);
    acknowledge(10);
    cluster.brokers.get(first).start();

    rest();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void electionsWithoutARecordLeaveNoTrace(long seed) {
    begin(seed, SAFE);
    cluster.producers.forEach(SimulatedProducer::stop);
    for (int i = 0; i < 2; i++) {
      int old = leader();
      cluster.brokers.get(old).crash();
      awaitLeaderOtherThan(old);
      cluster.brokers.get(old).start();
      awaitInSync(3);
    }

    cluster.produce();
    acknowledge(5);

    rest();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aLeaderThatIsCutOffAcknowledgesNothing(long seed) {
    begin(seed, SAFE);
    int old = leader();
    SimulatedBroker cutOff = cluster.brokers.get(old);
    cutOff.cutFromQuorum(true);
    cluster.brokers.keySet().stream()
        .filter(id -> id != old)
        .forEach(id -> cluster.network.cut(old, id));
    long watermark = cutOff.replica(partition()).orElseThrow().highWatermark();
    awaitLeaderOtherThan(old);
    acknowledge(10);

    assertThat(cutOff.leader(partition())).as("it does not know better").isPresent();
    assertThat(cutOff.replica(partition()).orElseThrow().highWatermark())
        .isLessThanOrEqualTo(watermark + 3);
    cluster.network.heal();
    cutOff.cutFromQuorum(false);

    rest();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aDiskThatWasEmptiedDoesNotCountAsInSync(long seed) {
    begin(seed, SAFE);
    int old = leader();

    cluster.brokers.get(old).loseDisk();
    cluster.brokers.get(old).start();
    awaitLeaderOtherThan(old);
    assertThat(image().inSync()).doesNotContain(old);

    acknowledge(10);
    rest();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theLastReplicaStandingLosesItsTailAndTheOthersReturnFirst(long seed) {
    begin(seed, SAFE);
    int last = leader();
    cluster.producers.forEach(SimulatedProducer::stop);
    cluster.runFor(1);
    others(last).forEach(id -> cluster.brokers.get(id).crash());
    cluster.runUntil("one is left in sync", 10, () -> image().inSync().size() == 1);

    cluster.brokers.get(last).losePower();
    cluster.runUntil("nobody leads", 10, () -> leader() == PartitionImage.NO_LEADER);
    others(last).forEach(id -> cluster.brokers.get(id).start());
    cluster.runUntil("somebody leads", 10, () -> leader() != PartitionImage.NO_LEADER);
    assertThat(leader()).isNotEqualTo(last);
    cluster.brokers.get(last).start();

    cluster.produce();
    acknowledge(5);
    rest();
  }

  /** Else nobody would be thought to have more than the leader that lost its tail. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whoDiesAgainBeforeItIsRegisteredStillHasWhatItHad(long seed) {
    begin(seed, SAFE);
    int last = leader();
    cluster.producers.forEach(SimulatedProducer::stop);
    cluster.runFor(1);
    others(last).forEach(id -> cluster.brokers.get(id).crash());
    cluster.runUntil("one is left in sync", 10, () -> image().inSync().size() == 1);
    cluster.brokers.get(last).losePower();
    cluster.runUntil("nobody leads", 10, () -> leader() == PartitionImage.NO_LEADER);

    for (int id : others(last)) {
      cluster.brokers.get(id).start();
      cluster.brokers.get(id).crash();
    }
    cluster.runFor(1);
    cluster.brokers.values().forEach(SimulatedBroker::start);

    cluster.runUntil("somebody leads", 10, () -> leader() != PartitionImage.NO_LEADER);
    assertThat(leader()).isNotEqualTo(last);
    cluster.produce();
    acknowledge(5);
    rest();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aTopicThatWasCreatedAgainHasNothingOfTheOldOne(long seed) {
    begin(seed, SAFE);
    cluster.producers.forEach(SimulatedProducer::stop);
    cluster.runFor(1);
    PartitionId old = partition();
    SimulatedBroker lagging = cluster.brokers.get(others(leader()).getFirst());
    lagging.cutFromQuorum(true);
    cluster.partitions.clear();

    cluster.quorum.apply(Commands.delete("t"));
    cluster.createTopic("t2");
    cluster.produce();
    cluster.runFor(1);
    assertThat(lagging.replica(old)).as("has not heard of it").isPresent();
    lagging.cutFromQuorum(false);

    acknowledge(10);
    rest();
    cluster.brokers.values().forEach(broker -> assertThat(broker.replica(old)).isEmpty());
  }

  /** Wherever the brokers hear of a change within 10 ms, and of each other within 2. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aLeaderThatShutsDownLeavesNoGap(long seed) {
    begin(seed, SAFE);
    cluster.producers.forEach(SimulatedProducer::stop);
    cluster.runFor(1);
    cluster.quorum.neverLaterThan(10_000);
    cluster.network.neverLaterThan(2_000);
    SteadyAppends appends = new SteadyAppends(cluster, partition());
    appends.begin();

    for (int i = 0; i < 6; i++) {
      SimulatedBroker old = cluster.brokers.get(leader());
      cluster.runFor(1);
      old.shutDown(() -> {});
      cluster.runUntil("it has stopped", 10, () -> !old.isRunning());
      old.start();
      awaitInSync(3);
    }

    assertThat(appends.longestGapMs()).isLessThan(20);
  }

  private PartitionId partition() {
    return cluster.partitions.getFirst();
  }

  private PartitionImage image() {
    return cluster.image(partition());
  }

  private int leader() {
    return image().leaderId();
  }

  private java.util.List<Integer> others(int broker) {
    return cluster.brokers.keySet().stream().filter(id -> id != broker).toList();
  }

  private void awaitLeaderOtherThan(int old) {
    cluster.runUntil(
        "another leads",
        10,
        () ->
            leader() != old
                && leader() != PartitionImage.NO_LEADER
                && cluster.brokers.get(leader()).leader(partition()).isPresent());
  }

  private void awaitInSync(int count) {
    cluster.runUntil("all in sync", 20, () -> image().inSync().size() == count);
  }

  private void acknowledge(int records) {
    int before = cluster.history.acknowledgedCount();
    cluster.runUntil(
        "records are acknowledged",
        20,
        () -> cluster.history.acknowledgedCount() >= before + records);
  }

  private void rest() {
    cluster.rest();
  }
}
