package io.funes.server.metadata;

import io.funes.server.common.PartitionId;
import io.funes.server.common.TopicId;
import io.funes.server.common.TopicName;
import io.funes.server.metadata.MetadataCommand.AlterInSync;
import io.funes.server.metadata.MetadataCommand.AlterReplicas;
import io.funes.server.metadata.MetadataCommand.CreateTopic;
import io.funes.server.metadata.MetadataCommand.DeleteTopic;
import io.funes.server.metadata.MetadataCommand.ElectLeaders;
import io.funes.server.metadata.MetadataCommand.FenceBroker;
import io.funes.server.metadata.MetadataCommand.InitProducer;
import io.funes.server.metadata.MetadataCommand.JoinBroker;
import io.funes.server.metadata.MetadataCommand.Origin;
import io.funes.server.metadata.MetadataCommand.RaiseVersion;
import io.funes.server.metadata.MetadataCommand.RegisterBroker;
import io.funes.server.metadata.MetadataCommand.SetReadOnly;
import io.funes.server.metadata.MetadataCommand.ShutDownBroker;
import io.funes.server.metadata.MetadataCommand.UnfenceBroker;
import io.funes.server.metadata.MetadataCommand.UnregisterBroker;
import io.funes.server.metadata.MetadataCommand.UpdateTopic;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The bytes of commands. */
public final class CommandCodec {
  private static final int CREATE_TOPIC = 1;
  private static final int UPDATE_TOPIC = 2;
  private static final int DELETE_TOPIC = 3;
  private static final int REGISTER_BROKER = 4;
  private static final int INIT_PRODUCER = 5;
  private static final int ALTER_IN_SYNC = 6;
  private static final int JOIN_BROKER = 7;
  private static final int FENCE_BROKER = 8;
  private static final int UNFENCE_BROKER = 9;
  private static final int SHUT_DOWN_BROKER = 10;
  private static final int UNREGISTER_BROKER = 11;
  private static final int ELECT_LEADERS = 12;
  private static final int ALTER_REPLICAS = 13;
  private static final int SET_READ_ONLY = 14;
  private static final int RAISE_VERSION = 15;

  private CommandCodec() {}

  /**
   * Version 2 has what RegisterBroker holds since there may be more than one broker, version 3 has
   * the kinds SetReadOnly and RaiseVersion.
   *
   * @param version of the image that the brokers agree on
   */
  public static void write(MetadataCommand command, int version, DataOutput out)
      throws IOException {
    out.writeByte(kind(command));
    out.writeByte(command instanceof RaiseVersion raise ? raise.version() : version);
    switch (command) {
      case CreateTopic create -> writeCreateTopic(create, out);
      case UpdateTopic update -> writeUpdateTopic(update, out);
      case DeleteTopic delete -> {
        Fields.writeTopicName(delete.name(), out);
        Fields.writeOptional(delete.expectedId(), Fields::writeTopicId, out);
        writeOrigin(delete.origin(), out);
      }
      case RegisterBroker register -> BrokerCommandFields.writeRegister(register, out);
      case JoinBroker join -> Fields.writeUuid(join.token(), out);
      case FenceBroker(int id, long epoch) -> BrokerCommandFields.writeBroker(id, epoch, out);
      case UnfenceBroker(int id, long epoch) -> BrokerCommandFields.writeBroker(id, epoch, out);
      case ShutDownBroker(int id, long epoch) -> BrokerCommandFields.writeBroker(id, epoch, out);
      case UnregisterBroker(int id, long epoch) -> BrokerCommandFields.writeBroker(id, epoch, out);
      case SetReadOnly(int id, long epoch, boolean readOnly) -> {
        BrokerCommandFields.writeBroker(id, epoch, out);
        out.writeBoolean(readOnly);
      }
      case RaiseVersion(int raised) -> out.writeByte(raised);
      case AlterInSync alter -> PartitionCommandFields.writeAlterInSync(alter, out);
      case ElectLeaders elect -> PartitionCommandFields.writeElectLeaders(elect, out);
      case AlterReplicas alter -> {
        PartitionCommandFields.writeAlterReplicas(alter, out);
        writeLimits(alter.limits(), out);
      }
      case InitProducer init -> {
        Fields.writeText(init.name(), out);
        writeLimits(init.limits(), out);
      }
    }
  }

  /**
   * Fails on a kind or version that this release does not know: to go on without it would be to
   * diverge.
   */
  public static MetadataCommand read(DataInput in) throws IOException {
    int kind = in.readUnsignedByte();
    int version = in.readUnsignedByte();
    Fields.checkVersion("metadata command " + kind, version, MetadataVersion.NEWEST);
    return switch (kind) {
      case CREATE_TOPIC -> readCreateTopic(in);
      case UPDATE_TOPIC -> readUpdateTopic(in);
      case DELETE_TOPIC -> {
        TopicName name = Fields.readTopicName(in);
        Optional<TopicId> expectedId = Fields.readOptional(Fields::readTopicId, in);
        yield new DeleteTopic(name, expectedId, readOrigin(in));
      }
      case REGISTER_BROKER -> BrokerCommandFields.readRegister(in, version);
      case JOIN_BROKER -> new JoinBroker(Fields.readUuid(in));
      case FENCE_BROKER -> new FenceBroker(in.readInt(), in.readLong());
      case UNFENCE_BROKER -> new UnfenceBroker(in.readInt(), in.readLong());
      case SHUT_DOWN_BROKER -> new ShutDownBroker(in.readInt(), in.readLong());
      case UNREGISTER_BROKER -> new UnregisterBroker(in.readInt(), in.readLong());
      case RAISE_VERSION -> new RaiseVersion(in.readUnsignedByte());
      case SET_READ_ONLY -> new SetReadOnly(in.readInt(), in.readLong(), in.readBoolean());
      case ALTER_IN_SYNC -> PartitionCommandFields.readAlterInSync(in);
      case ELECT_LEADERS -> PartitionCommandFields.readElectLeaders(in);
      case ALTER_REPLICAS -> {
        PartitionId partition = ImageFields.readPartitionId(in);
        Optional<List<Integer>> replicas = Fields.readOptional(Fields::readInts, in);
        yield new AlterReplicas(partition, replicas, readLimits(in));
      }
      case INIT_PRODUCER -> {
        String name = Fields.readText(in);
        yield new InitProducer(name, readLimits(in));
      }
      default ->
          throw new IOException(
              "unknown metadata command %d: start a newer release of Funes".formatted(kind));
    };
  }

  private static int kind(MetadataCommand command) {
    return switch (command) {
      case CreateTopic _ -> CREATE_TOPIC;
      case UpdateTopic _ -> UPDATE_TOPIC;
      case DeleteTopic _ -> DELETE_TOPIC;
      case RegisterBroker _ -> REGISTER_BROKER;
      case InitProducer _ -> INIT_PRODUCER;
      case AlterInSync _ -> ALTER_IN_SYNC;
      case JoinBroker _ -> JOIN_BROKER;
      case FenceBroker _ -> FENCE_BROKER;
      case UnfenceBroker _ -> UNFENCE_BROKER;
      case ShutDownBroker _ -> SHUT_DOWN_BROKER;
      case UnregisterBroker _ -> UNREGISTER_BROKER;
      case SetReadOnly _ -> SET_READ_ONLY;
      case RaiseVersion _ -> RAISE_VERSION;
      case ElectLeaders _ -> ELECT_LEADERS;
      case AlterReplicas _ -> ALTER_REPLICAS;
    };
  }

  private static void writeCreateTopic(CreateTopic command, DataOutput out) throws IOException {
    Fields.writeTopicId(command.id(), out);
    Fields.writeTopicName(command.name(), out);
    out.writeInt(command.partitionCount());
    out.writeInt(command.replicationFactor());
    Fields.writeTexts(command.configs(), out);
    out.writeLong(command.createdMs());
    writeOrigin(command.origin(), out);
    writeLimits(command.limits(), out);
  }

  private static CreateTopic readCreateTopic(DataInput in) throws IOException {
    TopicId id = Fields.readTopicId(in);
    TopicName name = Fields.readTopicName(in);
    int partitionCount = in.readInt();
    int replicationFactor = in.readInt();
    Map<String, String> configs = Fields.readTexts(in);
    long createdMs = in.readLong();
    Origin origin = readOrigin(in);
    return new CreateTopic(
        id, name, partitionCount, replicationFactor, configs, createdMs, origin, readLimits(in));
  }

  private static void writeUpdateTopic(UpdateTopic command, DataOutput out) throws IOException {
    Fields.writeTopicName(command.name(), out);
    Fields.writeOptional(command.expectedId(), Fields::writeTopicId, out);
    out.writeInt(command.partitionCount().orElse(0)); // No topic has 0 partitions.
    Fields.writeTexts(command.configs(), out);
    List<String> resetConfigs = command.resetConfigs().stream().sorted().toList();
    Fields.writeAll(resetConfigs, resetConfigs.size(), Fields::writeText, out);
    writeOrigin(command.origin(), out);
    writeLimits(command.limits(), out);
  }

  private static UpdateTopic readUpdateTopic(DataInput in) throws IOException {
    TopicName name = Fields.readTopicName(in);
    Optional<TopicId> expectedId = Fields.readOptional(Fields::readTopicId, in);
    int count = in.readInt();
    OptionalInt partitionCount = count == 0 ? OptionalInt.empty() : OptionalInt.of(count);
    Map<String, String> configs = Fields.readTexts(in);
    Set<String> resetConfigs = Set.copyOf(Fields.readAll(Fields::readText, in));
    Origin origin = readOrigin(in);
    return new UpdateTopic(
        name, expectedId, partitionCount, configs, resetConfigs, origin, readLimits(in));
  }

  private static void writeOrigin(Origin origin, DataOutput out) throws IOException {
    out.writeBoolean(origin == Origin.BROKER);
  }

  private static Origin readOrigin(DataInput in) throws IOException {
    return in.readBoolean() ? Origin.BROKER : Origin.CLIENT;
  }

  private static void writeLimits(MetadataLimits limits, DataOutput out) throws IOException {
    out.writeInt(limits.topicPartitionsMax());
    out.writeInt(limits.brokerPartitionsMax());
    out.writeInt(limits.producerNamesMax());
  }

  private static MetadataLimits readLimits(DataInput in) throws IOException {
    int topicPartitionsMax = in.readInt();
    int brokerPartitionsMax = in.readInt();
    return new MetadataLimits(topicPartitionsMax, brokerPartitionsMax, in.readInt());
  }
}
