package io.funes.bench.kafka;

import io.funes.bench.system.Acknowledgements;
import io.funes.bench.system.ClusterUnderTest;
import io.funes.bench.system.Hosts;
import io.funes.bench.system.RecordSender;
import io.funes.bench.system.ServerProcess;
import io.funes.bench.system.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.utils.AppInfoParser;

/** Three KRaft nodes, each broker and controller, with their defaults and Funes' heap. */
final class KafkaCluster implements ClusterUnderTest {
  /** Of Funes' brokers, too. */
  private static final String HEAP = "512m";

  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final Hosts hosts;
  private final KafkaClients clients;
  private final List<KafkaBroker> brokers;
  private Admin admin;

  KafkaCluster(Setting setting, Path folder, Hosts hosts) {
    this.hosts = hosts;
    KafkaNodes nodes = KafkaNodes.of(BROKERS, hosts);
    clients = new KafkaClients(nodes, setting);
    brokers =
        IntStream.range(0, BROKERS)
            .mapToObj(number ->
                new KafkaBroker(
                    nodes,
                    number,
                    folder.resolve("broker-" + number),
                    HEAP,
                    setting.under("broker.")))
            .toList();
  }

  @Override
  public Hosts hosts() {
    return hosts;
  }

  /** Together: one alone has no quorum. */
  @Override
  public void startBroker() throws IOException {
    for (KafkaBroker broker : brokers) {
      broker.launch();
    }
    for (KafkaBroker broker : brokers) {
      broker.process().awaitPort();
    }
    admin = clients.admin();
  }

  @Override
  public void startBroker(int number) throws IOException {
    brokers.get(number).start();
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
    return "Kafka " + AppInfoParser.getVersion();
  }

  @Override
  public void createTopic(String topic, int partitions, int replicas) throws Exception {
    NewTopic created =
        new NewTopic(topic, partitions, (short) replicas)
            .configs(Map.of("min.insync.replicas", Integer.toString(Math.min(replicas, 2))));
    admin.createTopics(List.of(created)).all().get();
    while (!allInSync(topic)) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  @Override
  public void deleteTopic(String topic) throws Exception {
    admin.deleteTopics(List.of(topic)).all().get();
  }

  @Override
  public RecordSender sender(String topic, Acknowledgements acknowledgements) {
    return clients.sender(topic, acknowledgements);
  }

  @Override
  public List<Integer> leaders(String topic) throws Exception {
    return partitions(topic).stream()
        .map(partition -> partition.leader() == null ? -1 : partition.leader().id())
        .toList();
  }

  @Override
  public boolean allInSync(String topic) throws Exception {
    List<TopicPartitionInfo> partitions = partitions(topic);
    return !partitions.isEmpty()
        && partitions.stream()
            .allMatch(partition ->
                partition.leader() != null
                    && partition.isr().size() == partition.replicas().size());
  }

  /** None where no broker knows the topic yet. */
  private List<TopicPartitionInfo> partitions(String topic) throws Exception {
    try {
      return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RetriableException) {
        return List.of();
      }
      throw e;
    }
  }

  @Override
  public int controller() throws Exception {
    return admin.describeMetadataQuorum().quorumInfo().get().leaderId();
  }

  @Override
  public Path logs(int number) {
    return brokers.get(number).logs();
  }

  @Override
  public long snapshotBytes(int number) throws IOException {
    try (Stream<Path> files = Files.list(logs(number).resolve("__cluster_metadata-0"))) {
      return files
          .filter(file -> file.toString().endsWith(".checkpoint"))
          .max(Comparator.naturalOrder())
          .map(file -> file.toFile().length())
          .orElse(0L);
    }
  }

  @Override
  public void close() {
    if (admin != null) {
      admin.close();
    }
    brokers.forEach(KafkaBroker::kill);
  }
}
