package io.funes.server.metadata;

import io.funes.server.common.PartitionId;
import io.funes.server.metadata.InSyncChange.Member;
import io.funes.server.metadata.MetadataCommand.AlterInSync;
import io.funes.server.metadata.MetadataCommand.RegisterBroker;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The fields of the commands that brokers send. */
final class BrokerCommandFields {
  private BrokerCommandFields() {}

  static void writeRegister(RegisterBroker register, DataOutput out) throws IOException {
    out.writeInt(register.brokerId());
    Fields.writeUuid(register.incarnation(), out);
    Fields.writeText(register.address(), out);
    Fields.writeText(register.internalAddress(), out);
    Fields.writeOptional(register.rack(), Fields::writeText, out);
    Fields.writeOptional(register.previousCleanIncarnation(), Fields::writeUuid, out);
    out.writeBoolean(register.fenced());
  }

  static RegisterBroker readRegister(DataInput in, int version) throws IOException {
    int brokerId = in.readInt();
    UUID incarnation = Fields.readUuid(in);
    String address = Fields.readText(in);
    if (version == 1) {
      return new RegisterBroker(
          brokerId, incarnation, address, "", Optional.empty(), Optional.empty(), false);
    }
    String internalAddress = Fields.readText(in);
    Optional<String> rack = Fields.readOptional(Fields::readText, in);
    Optional<UUID> clean = Fields.readOptional(Fields::readUuid, in);
    return new RegisterBroker(
        brokerId, incarnation, address, internalAddress, rack, clean, in.readBoolean());
  }

  static void writeAlterInSync(AlterInSync alter, DataOutput out) throws IOException {
    out.writeInt(alter.brokerId());
    out.writeLong(alter.brokerEpoch());
    Fields.writeAll(alter.changes(), alter.changes().size(), BrokerCommandFields::writeChange, out);
  }

  static AlterInSync readAlterInSync(DataInput in) throws IOException {
    int brokerId = in.readInt();
    long brokerEpoch = in.readLong();
    return new AlterInSync(
        brokerId, brokerEpoch, Fields.readAll(BrokerCommandFields::readChange, in));
  }

  private static void writeChange(InSyncChange change, DataOutput out) throws IOException {
    ImageFields.writePartitionId(change.partition(), out);
    out.writeInt(change.leaderEpoch());
    out.writeInt(change.partitionEpoch());
    Fields.writeAll(change.inSync(), change.inSync().size(), BrokerCommandFields::writeMember, out);
    out.writeBoolean(change.recovered());
  }

  private static InSyncChange readChange(DataInput in) throws IOException {
    PartitionId partition = ImageFields.readPartitionId(in);
    int leaderEpoch = in.readInt();
    int partitionEpoch = in.readInt();
    List<Member> inSync = Fields.readAll(BrokerCommandFields::readMember, in);
    return new InSyncChange(partition, leaderEpoch, partitionEpoch, inSync, in.readBoolean());
  }

  private static void writeMember(Member member, DataOutput out) throws IOException {
    out.writeInt(member.brokerId());
    out.writeLong(member.brokerEpoch());
  }

  private static Member readMember(DataInput in) throws IOException {
    int brokerId = in.readInt();
    return new Member(brokerId, in.readLong());
  }
}
