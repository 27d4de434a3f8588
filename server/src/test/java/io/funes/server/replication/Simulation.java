package io.funes.server.replication;

import io.funes.server.common.PartitionId;
import io.funes.server.metadata.Commands;
import io.funes.server.metadata.PartitionImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A cluster of brokers in one thread and one seed: the production classes of replication, log and
 * metadata on simulated time, network, disks and quorum, under load and faults, with {@link
 * ClusterHistory} looking on after every event. When the faults have ended it must come to rest.
 */
final class Simulation {
  private static final String TOPIC = "t";
  private static final boolean TRACE = Boolean.getBoolean("funes.trace");

  /** What may go wrong. */
  record Faults(int brokers, String flush, int minInSync, boolean power, double perSecond) {
    boolean beforeAck() {
      return flush.equals("before-ack");
    }

    /** Draws a setting in which nothing acknowledged may be lost. */
    static Faults drawn(Random random) {
      boolean beforeAck = random.nextInt(3) == 0;
      int minInSync = 1 + random.nextInt(2);
      // Records that no disk has been made to keep survive min.insync.replicas - 1 losses of power.
      boolean power = beforeAck || minInSync == 2;
      return new Faults(
          3, beforeAck ? "before-ack" : "os", minInSync, power, 0.3 + 2 * random.nextDouble());
    }
  }

  final Random random;
  final SimulatedTime time;
  final SimulatedNetwork network;
  final SimulatedQuorum quorum;
  final Map<Integer, SimulatedBroker> brokers = new TreeMap<>();
  final ClusterHistory history;
  final List<SimulatedProducer> producers = new ArrayList<>();
  final List<PartitionId> partitions = new ArrayList<>();
  private final Faults faults;
  private String traced = "";

  Simulation(long seed, Faults faults) {
    this.random = new Random(seed);
    this.faults = faults;
    this.time = new SimulatedTime(random);
    this.network = new SimulatedNetwork(time, random);
    this.quorum = new SimulatedQuorum(time, random);
    this.history = new ClusterHistory(quorum, brokers.values());
    for (int id = 0; id < faults.brokers(); id++) {
      new SimulatedBroker(id, time, random, network, quorum, brokers).start();
    }
  }

  static Simulation seeded(long seed) {
    return new Simulation(seed, Faults.drawn(new Random(seed)));
  }

  /** A topic of one partition, and producers for it. */
  Simulation begin() {
    runUntil(
        "all brokers are unfenced",
        10,
        () -> {
          int[] active = new int[1];
          quorum.image().brokers().forEach(broker -> active[0] += broker.active() ? 1 : 0);
          return active[0] == faults.brokers();
        });
    createTopic(TOPIC);
    produce();
    return this;
  }

  /** A topic with a replica on each broker. */
  void createTopic(String name) {
    quorum.apply(
        Commands.create(
            name,
            1,
            faults.brokers(),
            Map.of(
                "flush",
                faults.flush(),
                "min.insync.replicas",
                Integer.toString(faults.minInSync()),
                "segment.bytes",
                "16384")));
    partitions.add(quorum.image().topics().get(name).orElseThrow().partitionId(0));
  }

  /** Three more producers begin. */
  void produce() {
    for (int i = 1; i <= 3; i++) {
      SimulatedProducer producer =
          new SimulatedProducer(
              producers.size() + 1, partitions.getLast(), time, random, quorum, brokers, history);
      producers.add(producer);
      producer.send();
    }
  }

  /** Faults for so many seconds, then none, and rest. */
  void run(int seconds) {
    long end = time.nanos() + TimeUnit.SECONDS.toNanos(seconds);
    scheduleFault(end);
    runFor(seconds);
    heal();
    int before = history.acknowledgedCount();
    runUntil("producers go on", 30, () -> history.acknowledgedCount() > before + 3);
    rest();
  }

  /** Ends the load; all replicas must come to be in sync and the same. */
  void rest() {
    producers.forEach(SimulatedProducer::stop);
    runUntil("all replicas are in sync and the same", 30, this::atRest);
    partitions.forEach(
        partition -> brokers.values().forEach(broker -> history.holdsAll(broker, partition)));
  }

  private void scheduleFault(long end) {
    long delay =
        (long)
            (TimeUnit.SECONDS.toNanos(1) * -Math.log(1 - random.nextDouble()) / faults.perSecond());
    time.in(
        delay,
        () -> {
          if (time.nanos() < end) {
            fault();
            scheduleFault(end);
          }
        });
  }

  private void fault() {
    SimulatedBroker broker = brokers.get(random.nextInt(brokers.size()));
    long duration = TimeUnit.MILLISECONDS.toNanos(50 + random.nextInt(4_000));
    int kind = random.nextInt(8);
    trace("fault %d of broker %d, %d ms".formatted(kind, broker.id(), duration / 1_000_000));
    switch (kind) {
      case 0, 1 -> {
        broker.crash();
        time.in(duration, broker::start);
      }
      case 2 -> {
        if (faults.power() && (faults.beforeAck() || allHaveTheirData())) {
          if (faults.beforeAck() || random.nextBoolean()) {
            broker.losePower();
          } else {
            broker.loseDisk();
          }
          time.in(duration, broker::start);
        }
      }
      case 3 -> {
        broker.pause(true);
        time.in(duration, () -> broker.pause(false));
      }
      case 4 -> {
        int other = (broker.id() + 1 + random.nextInt(brokers.size() - 1)) % brokers.size();
        network.cut(broker.id(), other);
        time.in(duration, network::heal);
      }
      case 5 -> broker.shutDown(() -> time.in(duration, broker::start));
      case 6 -> {
        broker.fillDisk(random.nextBoolean());
        time.in(duration, broker::emptyDisk);
      }
      default -> {
        broker.cutFromQuorum(true);
        time.in(duration, () -> broker.cutFromQuorum(false));
      }
    }
  }

  /** No broker has lost anything that it has not copied again. */
  private boolean allHaveTheirData() {
    return partitions.stream()
            .allMatch(partition -> image(partition).inSync().size() == brokers.size())
        && brokers.values().stream().allMatch(SimulatedBroker::isServing);
  }

  PartitionImage image(PartitionId partition) {
    return quorum
        .image()
        .topic(partition.topicId())
        .orElseThrow()
        .partitions()
        .get(partition.partition());
  }

  private void heal() {
    network.heal();
    brokers
        .values()
        .forEach(broker -> {
          broker.pause(false);
          broker.emptyDisk();
          broker.cutFromQuorum(false);
          broker.start();
        });
  }

  private boolean atRest() {
    return partitions.stream()
        .allMatch(partition -> {
          List<Replica> replicas =
              brokers.values().stream()
                  .flatMap(broker -> broker.replica(partition).stream())
                  .toList();
          return replicas.size() == brokers.size()
              && image(partition).inSync().size() == brokers.size()
              && replicas.stream().map(replica -> replica.log().logEndOffset()).distinct().count()
                  == 1
              && replicas.stream()
                  .allMatch(replica -> replica.highWatermark() == replica.log().logEndOffset());
        });
  }

  void runFor(int seconds) {
    long end = time.nanos() + TimeUnit.SECONDS.toNanos(seconds);
    while (time.step(end)) {
      trace();
      history.check(partitions);
    }
  }

  /** Prints how the cluster stands, where that was asked for and has changed. */
  private void trace() {
    if (TRACE) {
      String state = partitions.stream().map(this::describe).toList().toString();
      if (!state.equals(traced)) {
        traced = state;
        trace(state);
      }
    }
  }

  private void trace(String what) {
    if (TRACE) {
      System.out.printf("%.6f %s%n", time.nanos() / 1e9, what);
    }
  }

  private String describe(PartitionId partition) {
    StringBuilder text = new StringBuilder(image(partition).toString());
    for (SimulatedBroker broker : brokers.values()) {
      text.append(" | ").append(broker.id());
      text.append(broker.isRunning() ? "" : " down").append(broker.isPaused() ? " paused" : "");
      broker
          .replica(partition)
          .ifPresent(replica ->
              text.append(
                  " %s in %d, watermark %d, end %d"
                      .formatted(
                          replica.leader() == null ? "follows" : "leads",
                          replica.leaderEpoch(),
                          replica.highWatermark(),
                          replica.log().logEndOffset())));
    }
    return text.toString();
  }

  /** Runs until it is so, which must be within so many seconds. */
  void runUntil(String what, int secondsMax, BooleanSupplier condition) {
    long end = time.nanos() + TimeUnit.SECONDS.toNanos(secondsMax);
    while (!condition.getAsBoolean()) {
      if (!time.step(end)) {
        throw new ClusterHistory.Violation("not within %d s: %s".formatted(secondsMax, what));
      }
      history.check(partitions);
    }
  }
}
