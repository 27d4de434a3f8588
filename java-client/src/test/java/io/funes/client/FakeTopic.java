package io.funes.client;

import io.funes.proto.v1.Partition;
import io.funes.proto.v1.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** A topic of the fake broker, which guards it. */
final class FakeTopic {
  final String name;
  final String id = UUID.randomUUID().toString();
  final List<FakeLog> logs = new ArrayList<>();
  final Map<String, String> configs = new TreeMap<>();

  FakeTopic(String name, int partitions) {
    this.name = name;
    grow(partitions);
  }

  void grow(int partitions) {
    while (logs.size() < partitions) {
      logs.add(new FakeLog());
    }
  }

  FakeLog log(int partition) {
    if (partition < 0 || partition >= logs.size()) {
      throw Refusals.exception(
          io.funes.proto.v1.ErrorReason.ERROR_REASON_UNKNOWN_PARTITION,
          "no partition " + partition);
    }
    return logs.get(partition);
  }

  Topic describe() {
    Topic.Builder topic =
        Topic.newBuilder()
            .setName(name)
            .setId(id)
            .setPartitionCount(logs.size())
            .setReplicationFactor(1)
            .putAllConfigs(configs);
    for (int i = 0; i < logs.size(); i++) {
      topic.addPartitions(
          Partition.newBuilder()
              .setPartition(i)
              .setLeaderId(1)
              .addReplicaIds(1)
              .addInSyncReplicaIds(1));
    }
    return topic.build();
  }
}
