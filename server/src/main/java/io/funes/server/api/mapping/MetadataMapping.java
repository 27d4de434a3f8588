package io.funes.server.api.mapping;

import io.funes.proto.v1.Broker;
import io.funes.proto.v1.BrokerState;
import io.funes.proto.v1.Partition;
import io.funes.proto.v1.TopicMetadata;
import io.funes.server.metadata.BrokerImage;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.PartitionImage;
import io.funes.server.metadata.TopicImage;
import java.util.ArrayList;
import java.util.List;

/** Brokers, and who serves a topic, as the protocol shows them. */
public final class MetadataMapping {
  private MetadataMapping() {}

  public static List<Broker> brokers(MetadataImage image) {
    List<Broker> brokers = new ArrayList<>();
    for (BrokerImage broker : image.brokers()) {
      brokers.add(
          Broker.newBuilder()
              .setId(broker.id())
              .setAddress(broker.address())
              .setRack(broker.rack().orElse(""))
              .setState(state(broker))
              .build());
    }
    return brokers;
  }

  static BrokerState state(BrokerImage broker) {
    if (broker.fenced()) {
      return BrokerState.BROKER_STATE_FENCED;
    }
    if (broker.shuttingDown()) {
      return BrokerState.BROKER_STATE_SHUTTING_DOWN;
    }
    return broker.readOnly() ? BrokerState.BROKER_STATE_READ_ONLY : BrokerState.BROKER_STATE_UP;
  }

  public static TopicMetadata topic(TopicImage topic) {
    return TopicMetadata.newBuilder()
        .setName(topic.name().value())
        .setId(topic.id().toString())
        .addAllPartitions(partitions(topic))
        .build();
  }

  static List<Partition> partitions(TopicImage topic) {
    List<Partition> partitions = new ArrayList<>(topic.partitions().size());
    for (PartitionImage partition : topic.partitions()) {
      partitions.add(partition(partitions.size(), partition));
    }
    return partitions;
  }

  static Partition partition(int number, PartitionImage partition) {
    return Partition.newBuilder()
        .setPartition(number)
        .setLeaderId(partition.leaderId())
        .setLeaderEpoch(partition.leaderEpoch())
        .addAllReplicaIds(partition.replicas())
        .addAllInSyncReplicaIds(partition.inSync())
        .build();
  }
}
