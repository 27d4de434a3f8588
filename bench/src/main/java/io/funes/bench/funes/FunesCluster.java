package io.funes.bench.funes;

import static java.util.stream.Collectors.joining;

import io.funes.bench.Installation;
import io.funes.bench.system.Acknowledgements;
import io.funes.bench.system.ClusterUnderTest;
import io.funes.bench.system.Hosts;
import io.funes.bench.system.RecordSender;
import io.funes.bench.system.ServerProcess;
import io.funes.bench.system.Setting;
import io.funes.client.Admin;
import io.funes.client.FunesException;
import io.funes.client.NewTopic;
import io.funes.client.PartitionDescription;
import io.funes.client.Producer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Three brokers with their defaults. The first one has founded the cluster. */
final class FunesCluster implements ClusterUnderTest {
  private static final Pattern CONTROLLER =
      Pattern.compile("This broker is the controller, in term (\\d+)");
  private static final Duration LOOK_LIMIT = Duration.ofSeconds(1);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final Hosts hosts;
  private final List<FunesBroker> brokers;

  FunesCluster(Setting setting, Path folder, Installation installation, Hosts hosts) {
    this.hosts = hosts;
    brokers =
        IntStream.range(0, BROKERS)
            .mapToObj(number ->
                new FunesBroker(
                    installation,
                    setting,
                    folder.resolve("broker-" + number),
                    hosts.address(number),
                    hosts.launcher(number)))
            .toList();
  }

  @Override
  public Hosts hosts() {
    return hosts;
  }

  /** One after the other, so that their numbers are those of the cluster. */
  @Override
  public void startBroker() throws IOException {
    for (int number = 0; number < BROKERS; number++) {
      startBroker(number);
    }
  }

  @Override
  public void startBroker(int number) throws IOException {
    FunesBroker broker = brokers.get(number);
    Files.createDirectories(broker.output().getParent());
    if (number == 0) {
      broker.start();
    } else {
      broker.startJoining(brokers.getFirst());
    }
  }

  @Override
  public ServerProcess broker(int number) {
    return brokers.get(number).process();
  }

  @Override
  public List<Long> brokerPids() {
    return brokers.stream().map(broker -> broker.process().pid()).toList();
  }

  @Override
  public String version() {
    return "Funes"; // the commit stands in the session's facts
  }

  @Override
  public void createTopic(String topic, int partitions, int replicas) {
    try (Admin admin = Admin.builder().server(brokers.getFirst().address()).build()) {
      admin.createTopic(
          NewTopic.named(topic)
              .partitions(partitions)
              .replicas(replicas)
              .config("min.insync.replicas", Integer.toString(Math.min(replicas, 2))));
    }
    // On each broker: leaders may hear of it later than the one that was asked.
    while (!brokers.stream().allMatch(broker -> allInSync(described(broker, topic)))) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  @Override
  public void deleteTopic(String topic) {
    try (Admin admin = Admin.builder().server(brokers.getFirst().address()).build()) {
      admin.deleteTopic(topic);
    }
  }

  @Override
  public RecordSender sender(String topic, Acknowledgements acknowledgements) {
    String servers = brokers.stream().map(FunesBroker::address).collect(joining(","));
    return new FunesSender(Producer.builder().server(servers).build(), topic, acknowledgements);
  }

  @Override
  public List<Integer> leaders(String topic) {
    return partitions(topic).stream().map(PartitionDescription::leaderId).toList();
  }

  @Override
  public boolean allInSync(String topic) {
    return allInSync(partitions(topic));
  }

  private static boolean allInSync(List<PartitionDescription> partitions) {
    return !partitions.isEmpty()
        && partitions.stream()
            .allMatch(partition ->
                partition.leaderId() >= 0
                    && partition.inSyncReplicaIds().size() == partition.replicaIds().size());
  }

  /** As the first broker says that answers. */
  private List<PartitionDescription> partitions(String topic) {
    return brokers.stream()
        .map(broker -> described(broker, topic))
        .filter(partitions -> !partitions.isEmpty())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no broker knows the topic " + topic));
  }

  /** None where the broker does not answer, or does not know the topic yet. */
  private static List<PartitionDescription> described(FunesBroker broker, String topic) {
    try (Admin admin = Admin.builder().server(broker.address()).timeout(LOOK_LIMIT).build()) {
      return admin.topic(topic).partitions();
    } catch (FunesException e) {
      return List.of();
    }
  }

  /**
   * By what they have logged, in the newest term. A broker that was asked would tell what it knows:
   * one that has just come back may not have heard of the newest one.
   */
  @Override
  public int controller() throws IOException {
    int controller = -1;
    long newestTerm = -1;
    for (int number = 0; number < BROKERS; number++) {
      Matcher terms = CONTROLLER.matcher(Files.readString(brokers.get(number).output()));
      while (terms.find()) {
        long term = Long.parseLong(terms.group(1));
        if (term > newestTerm) {
          newestTerm = term;
          controller = number;
        }
      }
    }
    return controller;
  }

  @Override
  public Path logs(int number) {
    return brokers.get(number).data().resolve("topics");
  }

  @Override
  public long snapshotBytes(int number) throws IOException {
    try (Stream<Path> files = Files.walk(brokers.get(number).data().resolve("raft"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("snapshot\\.[0-9_]+"))
          .max(Comparator.comparingLong(file -> file.toFile().lastModified()))
          .map(file -> file.toFile().length())
          .orElse(0L);
    }
  }

  @Override
  public void close() {
    brokers.forEach(FunesBroker::kill);
  }
}
