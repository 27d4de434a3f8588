package io.funes.client;

import io.funes.proto.v1.Broker;
import io.funes.proto.v1.BrokerState;
import io.funes.proto.v1.Partition;
import io.funes.proto.v1.TopicMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Fake brokers that share their topics. So each of them serves every partition, as real ones do by
 * passing on what they do not lead; what a client chose can be seen by what reached which broker.
 */
final class FakeCluster implements AutoCloseable {
  final List<FakeBroker> brokers = new ArrayList<>();
  final List<FakeMetadata> metadata = new ArrayList<>();
  private final Map<String, FakeTopic> topics = new TreeMap<>();
  private final Map<Integer, String> addresses = new TreeMap<>();
  private final Map<Integer, String> racks = new TreeMap<>();

  /** Leader and its epoch, by partition; a topic's partitions in their order. */
  private final Map<String, List<Partition>> partitions = new TreeMap<>();

  private long revision;

  FakeCluster(int size) {
    for (int id = 0; id < size; id++) {
      FakeMetadata told = new FakeMetadata(this);
      metadata.add(told);
      brokers.add(new FakeBroker(topics, told));
      addresses.put(id, brokers.get(id).address());
    }
  }

  FakeBroker broker(int id) {
    return brokers.get(id);
  }

  void rack(int id, String rack) {
    racks.put(id, rack);
  }

  /** Makes a topic that all brokers have in sync, and lead one after the other. */
  FakeTopic topic(String name, int count) {
    synchronized (topics) {
      FakeTopic topic = new FakeTopic(name, count);
      topics.put(name, topic);
      List<Partition> led = new ArrayList<>();
      for (int number = 0; number < count; number++) {
        led.add(
            Partition.newBuilder()
                .setPartition(number)
                .setLeaderId(number % brokers.size())
                .addAllInSyncReplicaIds(addresses.keySet())
                .build());
      }
      partitions.put(name, led);
      return topic;
    }
  }

  /** From now on this broker leads, and all brokers that hear of it say so. */
  void lead(String topic, int number, int leader) {
    synchronized (topics) {
      Partition before = partitions.get(topic).get(number);
      partitions
          .get(topic)
          .set(
              number,
              before.toBuilder()
                  .setLeaderId(leader)
                  .setLeaderEpoch(before.getLeaderEpoch() + 1)
                  .build());
      revision++;
    }
    metadata.forEach(FakeMetadata::push);
  }

  /** From now on these brokers are in sync, and all say so. */
  void inSync(String topic, int number, Integer... ids) {
    synchronized (topics) {
      Partition before = partitions.get(topic).get(number);
      partitions
          .get(topic)
          .set(
              number,
              before.toBuilder()
                  .clearInSyncReplicaIds()
                  .addAllInSyncReplicaIds(List.of(ids))
                  .build());
      revision++;
    }
    metadata.forEach(FakeMetadata::push);
  }

  /** Names an address for a broker at which it is not. */
  void misplace(int id, String address) {
    synchronized (topics) {
      addresses.put(id, address);
    }
  }

  long revision() {
    synchronized (topics) {
      return revision;
    }
  }

  List<Broker> describeBrokers() {
    synchronized (topics) {
      return addresses.entrySet().stream()
          .map(broker ->
              Broker.newBuilder()
                  .setId(broker.getKey())
                  .setAddress(broker.getValue())
                  .setRack(racks.getOrDefault(broker.getKey(), ""))
                  .setState(BrokerState.BROKER_STATE_UP)
                  .build())
          .toList();
    }
  }

  List<TopicMetadata> describeTopics(List<String> names) {
    synchronized (topics) {
      return names.stream()
          .filter(topics::containsKey)
          .map(name ->
              TopicMetadata.newBuilder()
                  .setName(name)
                  .setId(topics.get(name).id)
                  .addAllPartitions(partitions.get(name))
                  .build())
          .toList();
    }
  }

  /** Readers of all brokers look again. */
  void push() {
    brokers.forEach(broker -> broker.fetch.push());
  }

  @Override
  public void close() {
    brokers.forEach(FakeBroker::close);
  }
}
