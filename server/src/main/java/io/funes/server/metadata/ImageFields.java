package io.funes.server.metadata;

import io.funes.server.common.PartitionId;
import io.funes.server.common.TopicId;
import io.funes.server.common.TopicName;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The parts of an image as snapshots and outcomes hold them. Version 2 has all of {@link
 * BrokerImage} and {@link PartitionImage} that more than one broker needs, version 3 which brokers
 * are read-only.
 */
final class ImageFields {
  private ImageFields() {}

  static void writeBroker(BrokerImage broker, int version, DataOutput out) throws IOException {
    out.writeInt(broker.id());
    Fields.writeUuid(broker.incarnation(), out);
    Fields.writeText(broker.address(), out);
    out.writeLong(broker.epoch());
    Fields.writeText(broker.internalAddress(), out);
    Fields.writeOptional(broker.rack(), Fields::writeText, out);
    out.writeBoolean(broker.fenced());
    out.writeBoolean(broker.shuttingDown());
    if (version >= MetadataVersion.READ_ONLY_BROKERS) {
      out.writeBoolean(broker.readOnly());
    }
    out.writeInt(broker.replicaCount());
  }

  static BrokerImage readBroker(DataInput in, int version) throws IOException {
    int id = in.readInt();
    UUID incarnation = Fields.readUuid(in);
    String address = Fields.readText(in);
    long epoch = in.readLong();
    if (version == 1) {
      return new BrokerImage(
          id, incarnation, address, "", Optional.empty(), epoch, false, false, false, 0);
    }
    String internalAddress = Fields.readText(in);
    Optional<String> rack = Fields.readOptional(Fields::readText, in);
    boolean fenced = in.readBoolean();
    boolean shuttingDown = in.readBoolean();
    boolean readOnly = version >= MetadataVersion.READ_ONLY_BROKERS && in.readBoolean();
    return new BrokerImage(
        id,
        incarnation,
        address,
        internalAddress,
        rack,
        epoch,
        fenced,
        shuttingDown,
        readOnly,
        in.readInt());
  }

  static void writeTopic(TopicImage topic, DataOutput out) throws IOException {
    Fields.writeTopicId(topic.id(), out);
    Fields.writeTopicName(topic.name(), out);
    Fields.writeAll(
        topic.partitions(), topic.partitions().size(), ImageFields::writePartition, out);
    Fields.writeTexts(topic.configs(), out);
    out.writeLong(topic.createdMs());
  }

  static TopicImage readTopic(DataInput in, int version) throws IOException {
    TopicId id = Fields.readTopicId(in);
    TopicName name = Fields.readTopicName(in);
    List<PartitionImage> partitions = Fields.readAll(each -> readPartition(each, version), in);
    Map<String, String> configs = Fields.readTexts(in);
    return new TopicImage(id, name, partitions, configs, in.readLong());
  }

  static void writePartition(PartitionImage partition, DataOutput out) throws IOException {
    out.writeInt(partition.leaderId());
    out.writeInt(partition.leaderEpoch());
    out.writeInt(partition.partitionEpoch());
    Fields.writeInts(partition.replicas(), out);
    Fields.writeInts(partition.inSync(), out);
    Fields.writeInts(partition.eligibleLeaders(), out);
    out.writeInt(partition.lastLeaderId());
    Fields.writeInts(partition.adding(), out);
    Fields.writeInts(partition.removing(), out);
    out.writeBoolean(partition.recovering());
  }

  static PartitionImage readPartition(DataInput in, int version) throws IOException {
    int leaderId = in.readInt();
    int leaderEpoch = in.readInt();
    int partitionEpoch = in.readInt();
    List<Integer> replicas = Fields.readInts(in);
    List<Integer> inSync = Fields.readInts(in);
    if (version == 1) {
      return PartitionImage.settled(leaderId, leaderEpoch, partitionEpoch, replicas, inSync);
    }
    List<Integer> eligibleLeaders = Fields.readInts(in);
    int lastLeaderId = in.readInt();
    List<Integer> adding = Fields.readInts(in);
    List<Integer> removing = Fields.readInts(in);
    return new PartitionImage(
        leaderId,
        leaderEpoch,
        partitionEpoch,
        replicas,
        inSync,
        eligibleLeaders,
        lastLeaderId,
        adding,
        removing,
        in.readBoolean());
  }

  static void writePartitionId(PartitionId id, DataOutput out) throws IOException {
    Fields.writeTopicId(id.topicId(), out);
    out.writeInt(id.partition());
  }

  static PartitionId readPartitionId(DataInput in) throws IOException {
    TopicId topicId = Fields.readTopicId(in);
    return new PartitionId(topicId, in.readInt());
  }
}
