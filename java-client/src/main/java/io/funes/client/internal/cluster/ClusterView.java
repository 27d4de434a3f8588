package io.funes.client.internal.cluster;

import io.funes.client.TopicPartition;
import io.funes.client.internal.transport.Leadership;
import io.funes.proto.v1.Broker;
import io.funes.proto.v1.BrokerState;
import io.funes.proto.v1.Partition;
import io.funes.proto.v1.TopicMetadata;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who leads what, as far as brokers have told. Two brokers may differ for a moment, so of each part
 * the newest word counts. Immutable.
 *
 * @param revision of the brokers
 * @param brokers by id
 * @param topics by name
 */
record ClusterView(long revision, Map<Integer, Broker> brokers, Map<String, Topic> topics) {
  static final ClusterView EMPTY = new ClusterView(-1, Map.of(), Map.of());

  /** Partitions in their order, and the revision that told of them. */
  record Topic(long revision, String id, List<Partition> partitions) {
    static Topic told(long revision, TopicMetadata topic, Topic known) {
      boolean another = known == null || !known.id.equals(topic.getId());
      List<Partition> partitions =
          another ? topic.getPartitionsList() : known.newest(topic.getPartitionsList());
      return new Topic(revision, topic.getId(), partitions);
    }

    /** Who leads is known better where a refusal has told of a later leader epoch. */
    private List<Partition> newest(List<Partition> told) {
      List<Partition> newest = new ArrayList<>(told);
      for (int i = 0; i < Math.min(told.size(), partitions.size()); i++) {
        if (partitions.get(i).getLeaderEpoch() > told.get(i).getLeaderEpoch()) {
          newest.set(i, partitions.get(i));
        }
      }
      return newest;
    }

    Topic with(int number, Leadership told) {
      Partition led =
          partitions.get(number).toBuilder()
              .setLeaderId(told.leaderId())
              .setLeaderEpoch(told.leaderEpoch())
              .build();
      List<Partition> all = new ArrayList<>(partitions);
      all.set(number, led);
      return new Topic(revision, id, all);
    }
  }

  /** What a broker says. */
  record News(
      long revision,
      List<Broker> brokers,
      List<TopicMetadata> topics,
      Collection<String> unknownTopics) {}

  ClusterView with(News news) {
    Map<String, Topic> now = new HashMap<>(topics);
    for (TopicMetadata topic : news.topics()) {
      if (isNewer(news, topic.getName())) {
        Topic known = now.get(topic.getName());
        now.put(topic.getName(), Topic.told(news.revision(), topic, known));
      }
    }
    for (String name : news.unknownTopics()) {
      if (isNewer(news, name)) {
        now.remove(name);
      }
    }
    if (news.revision() < revision) {
      return new ClusterView(revision, brokers, now);
    }
    Map<Integer, Broker> all = new HashMap<>();
    news.brokers().forEach(broker -> all.put(broker.getId(), broker));
    return new ClusterView(news.revision(), all, now);
  }

  /** The same where it knows as much. */
  ClusterView with(TopicPartition partition, Leadership told) {
    int number = partition.partition();
    Topic known = topics.get(partition.topic());
    if (known == null
        || number >= known.partitions().size()
        || known.partitions().get(number).getLeaderEpoch() >= told.leaderEpoch()
        || !brokers.containsKey(told.leaderId())) {
      return this;
    }
    Map<String, Topic> now = new HashMap<>(topics);
    now.put(partition.topic(), known.with(number, told));
    return new ClusterView(revision, brokers, now);
  }

  /** Whether both say the same, whenever that was. */
  boolean saysTheSameAs(ClusterView other) {
    return brokers.equals(other.brokers)
        && topics.keySet().equals(other.topics.keySet())
        && topics.entrySet().stream()
            .allMatch(topic ->
                topic
                    .getValue()
                    .partitions()
                    .equals(other.topics.get(topic.getKey()).partitions()));
  }

  private boolean isNewer(News news, String topic) {
    Topic known = topics.get(topic);
    return known == null || known.revision() <= news.revision();
  }

  /** Null where nobody is known to lead. */
  Partition led(String topic, int partition) {
    Topic known = topics.get(topic);
    if (known == null || partition >= known.partitions().size()) {
      return null;
    }
    Partition found = known.partitions().get(partition);
    return brokers.containsKey(found.getLeaderId()) ? found : null;
  }

  /**
   * A broker of this rack that has the partition in sync: the leader, if it is one, else one of
   * them by the partition's number. Null where there is none.
   */
  Broker near(Partition led, String rack) {
    List<Broker> near =
        led.getInSyncReplicaIdsList().stream()
            .map(brokers::get)
            .filter(broker -> broker != null && broker.getRack().equals(rack))
            .filter(ClusterView::serves)
            .toList();
    return near.stream()
        .filter(broker -> broker.getId() == led.getLeaderId())
        .findFirst()
        .orElseGet(() -> near.isEmpty() ? null : near.get(led.getPartition() % near.size()));
  }

  private static boolean serves(Broker broker) {
    return broker.getState() == BrokerState.BROKER_STATE_UP
        || broker.getState() == BrokerState.BROKER_STATE_READ_ONLY;
  }

  /** Of the leader. */
  String address(Partition led) {
    return brokers.get(led.getLeaderId()).getAddress();
  }
}
