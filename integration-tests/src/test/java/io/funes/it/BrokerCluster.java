package io.funes.it;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.funes.client.Admin;
import io.funes.client.ClusterDescription.Broker;
import io.funes.client.ClusterDescription.BrokerState;
import io.funes.proto.v1.CreateTopicRequest;
import io.funes.proto.v1.GetTopicRequest;
import io.funes.proto.v1.Partition;
import io.funes.proto.v1.Topic;
import io.funes.proto.v1.TopicServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Brokers of one cluster in processes of their own, all of them voters; three if not told. */
final class BrokerCluster implements Leaders, AutoCloseable {
  private static final Pattern CONTROLLER = Pattern.compile("is the controller, in term (\\d+)");
  private static final Pattern VOTER = Pattern.compile("broker (\\d+) votes in the metadata");
  private static final long LOOK_MS = 500;

  private final List<BrokerProcess> brokers;
  private final List<ManagedChannel> channels;

  private BrokerCluster(List<BrokerProcess> brokers) {
    this.brokers = brokers;
    this.channels = brokers.stream().map(BrokerProcess::channel).toList();
  }

  static BrokerCluster start(String name, String... settings) {
    return start(
        IntStream.range(0, 3)
            .mapToObj(id -> BrokerProcess.prepared(name + "-" + id, Place.LOOPBACK, settings))
            .toList(),
        settings);
  }

  /** Starts them one after the other: their places in the list are their numbers. */
  static BrokerCluster start(List<BrokerProcess> brokers, String... settings) {
    BrokerCluster cluster = new BrokerCluster(brokers);
    try {
      brokers.getFirst().start();
      List<String> joining = new ArrayList<>(List.of(settings));
      joining.add("cluster.join=" + brokers.getFirst().internalAddress());
      for (BrokerProcess broker : brokers.subList(1, brokers.size())) {
        broker.configure(joining.toArray(String[]::new));
        broker.start();
      }
      Await.until("all vote", () -> cluster.promotions() == brokers.size() - 1);
      return cluster;
    } catch (AssertionError | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** Each voter but the first was promoted, by whoever was the controller. */
  private long promotions() {
    return brokers.stream()
        .flatMap(broker -> VOTER.matcher(broker.log()).results())
        .map(MatchResult::group)
        .distinct()
        .count();
  }

  List<BrokerProcess> brokers() {
    return brokers;
  }

  BrokerProcess broker(int id) {
    return brokers.get(id);
  }

  /** Everybody but one. */
  List<Integer> others(int id) {
    return IntStream.range(0, brokers.size()).filter(other -> other != id).boxed().toList();
  }

  /** For generated stubs; closed with the cluster. */
  @Override
  public ManagedChannel channel(int id) {
    return channels.get(id);
  }

  Topic createTopic(String name, int partitions, int minInSync) {
    CreateTopicRequest request =
        CreateTopicRequest.newBuilder()
            .setName(name)
            .setPartitionCount(partitions)
            .setReplicationFactor(brokers.size())
            .putConfigs("min.insync.replicas", Integer.toString(minInSync))
            .build();
    return TopicServiceGrpc.newBlockingStub(channel(0))
        .withWaitForReady()
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .createTopic(request)
        .getTopic();
  }

  /** Creates a topic, and tells a partition of it that this broker leads. */
  int createTopicLedBy(int id, String name) {
    return createTopic(name, brokers.size(), 2).getPartitionsList().stream()
        .filter(partition -> partition.getLeaderId() == id)
        .findFirst()
        .orElseThrow()
        .getPartition();
  }

  /** As that broker knows it; empty where it does not answer. */
  Optional<Topic> topic(int broker, String name) {
    try {
      channels.get(broker).resetConnectBackoff();
      return Optional.of(
          TopicServiceGrpc.newBlockingStub(channel(broker))
              .withDeadlineAfter(LOOK_MS, TimeUnit.MILLISECONDS)
              .getTopic(GetTopicRequest.newBuilder().setName(name).build())
              .getTopic());
    } catch (StatusRuntimeException e) {
      return Optional.empty();
    }
  }

  /**
   * The leader in the newest epoch that any broker tells of: one that is cut off tells old tales.
   */
  @Override
  public int leader(String topic, int partition) {
    return newest(topic, partition).map(Partition::getLeaderId).filter(id -> id >= 0).orElse(0);
  }

  /** Empty where nobody answers. */
  Optional<Partition> newest(String topic, int partition) {
    return tales(topic)
        .map(told -> told.getPartitions(partition))
        .max(Comparator.comparingInt(Partition::getLeaderEpoch));
  }

  /** By the newest word; nobody where nobody answers. */
  List<Integer> inSync(String topic, int partition) {
    return newest(topic, partition).map(Partition::getInSyncReplicaIdsList).orElse(List.of());
  }

  /** What the brokers may do, as the cluster describes itself. */
  Set<BrokerState> states() {
    try (Admin admin = Admin.builder().server(brokers.getFirst().address()).build()) {
      return admin.cluster(0).brokers().stream().map(Broker::state).collect(toSet());
    }
  }

  private Stream<Topic> tales(String topic) {
    return IntStream.range(0, brokers.size())
        .parallel()
        .mapToObj(broker -> topic(broker, topic))
        .flatMap(Optional::stream);
  }

  /** The one of the newest term, by the brokers' own logs. */
  int controller() {
    Map<Integer, Long> terms =
        IntStream.range(0, brokers.size()).boxed().collect(toMap(id -> id, this::newestTerm));
    return terms.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
  }

  /** In which this broker has been the controller; 0 where it never was. */
  private long newestTerm(int id) {
    return CONTROLLER
        .matcher(brokers.get(id).log())
        .results()
        .mapToLong(match -> Long.parseLong(match.group(1)))
        .max()
        .orElse(0);
  }

  void awaitAllInSync(String topic) {
    awaitInSync(topic, IntStream.range(0, brokers.size()).boxed().collect(toSet()));
  }

  /** In every partition, by the word of each of these brokers. */
  void awaitInSync(String topic, Set<Integer> ids) {
    Await.until(
        () -> "in sync are %s; told: %s".formatted(ids, tales(topic).toList()),
        () -> ids.stream().allMatch(id -> inSync(id, topic, ids)));
  }

  private boolean inSync(int broker, String topic, Set<Integer> ids) {
    return topic(broker, topic)
        .filter(told ->
            told.getPartitionsList().stream()
                .allMatch(partition ->
                    partition.getLeaderId() >= 0
                        && new HashSet<>(partition.getInSyncReplicaIdsList()).equals(ids)))
        .isPresent();
  }

  /** Waits until each of these brokers knows that it does not lead. */
  void awaitNotLeading(String topic, int id) {
    Await.until(
        () -> "others lead; told: " + tales(topic).toList(),
        () ->
            others(id).stream()
                .allMatch(other ->
                    topic(other, topic)
                        .filter(told ->
                            told.getPartitionsList().stream()
                                .allMatch(partition ->
                                    partition.getLeaderId() >= 0 && partition.getLeaderId() != id))
                        .isPresent()));
  }

  /** After a test, however it ended: all run. */
  void restore() {
    for (BrokerProcess broker : brokers) {
      if (broker.running()) {
        broker.resume();
      } else {
        broker.start();
      }
    }
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    brokers.forEach(BrokerProcess::close);
  }
}
